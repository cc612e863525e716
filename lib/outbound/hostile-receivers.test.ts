import { expect, test } from '@jest/globals';
import { classifyFailure, classifyStatus } from '../../domain/classify-outcome';
import { HOSTILE } from '../../tests/servers/hostile/receivers';
import { AUTHORITY } from '../../tests/servers/hostile/stranger';
import { openClient, post } from '../../tests/servers/open-client';
import { HttpFailure } from './http-failure';

/** Time limits: short for what only the limit ends; long for what must be over well before it, on a busy machine too. */
const SHORT_MS = 2000;
const LONG_MS = 20_000;
const DONE_BY_MS = 10_000;
const limits = { timeoutMs: LONG_MS, responseBytesKept: 16_384, responseBytesRead: 262_144 };
const client = openClient({ trust: [AUTHORITY] });
/** More than the buffers of both sides, so that a receiver that does not read is felt. */
const BODY = 'hello '.repeat(200_000);

test('there are at least 20', () => expect(HOSTILE.length).toBeGreaterThanOrEqual(20));

test.concurrent.each(HOSTILE)(
  '$name ends as $class, in time',
  async (row) => {
    const stranger = await row.open();
    try {
      const timeoutMs = row.isSlow ? SHORT_MS : LONG_MS;
      const startedMs = performance.now();
      const ended = await client
        .send(
          { ...post(stranger.url), body: row.name.includes('read the request') ? BODY : 'hello' },
          { ...limits, timeoutMs },
        )
        .then(
          ({ status, body, headers }) => ({ class: classifyStatus(status), status, says: null, body, headers }),
          (error) => {
            expect(error).toBeInstanceOf(HttpFailure);
            const { class: outcome, sentence } = classifyFailure(error);
            return { class: outcome, status: null, says: sentence, body: '', headers: {} };
          },
        );
      const tookMs = performance.now() - startedMs;
      expect([ended.class, ended.status, ended.says]).toEqual([
        row.class,
        row.status,
        row.says && row.status === null ? expect.stringMatching(row.says) : null,
      ]);
      expect(Buffer.byteLength(ended.body)).toBeLessThanOrEqual(3 * limits.responseBytesKept);
      expect(Object.keys(ended.headers).length).toBeLessThanOrEqual(64);
      expect(tookMs).toBeLessThan(DONE_BY_MS);
      if (row.isSlow) expect(tookMs).toBeGreaterThan(SHORT_MS - 50);
    } finally {
      await stranger.close();
    }
  },
  30_000,
);

test('a second answer behind the first is never taken for the answer to the next request', async () => {
  const split = HOSTILE.find(({ name }) => name.includes('response splitting'));
  const stranger = await (split as (typeof HOSTILE)[number]).open();
  try {
    const answers = [];
    for (let round = 0; round < 5; round++) {
      answers.push(await client.send(post(stranger.url), limits));
      await new Promise(setImmediate);
    }
    expect(answers.map(({ status, body }) => `${status} ${body}`)).toEqual(Array(5).fill('200 ok'));
  } finally {
    await stranger.close();
  }
});
