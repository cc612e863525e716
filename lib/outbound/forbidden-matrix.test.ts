import { describe, expect, test } from '@jest/globals';
import { DISGUISED, FORBIDDEN_ROWS, inUrl } from '../../tests/servers/forbidden-addresses';
import { failureOf, limits, openClient, post } from '../../tests/servers/open-client';
import { serve } from '../../tests/servers/open-stranger';
import { makeAddressGuard } from './address-guard';
import type { Resolve } from './guarded-connector';

/** A name server: answers each look-up with the next list of addresses, the last one again and again. */
function answerWith(...answers: string[][]): Resolve & { count: () => number } {
  let count = 0;
  const resolve: Resolve = (_host, _options, callback) => {
    const addresses = answers[Math.min(count++, answers.length - 1)] ?? [];
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return Object.assign(resolve, { count: () => count });
}
const codeOf = async (url: string, resolve?: Resolve): Promise<string> =>
  (await failureOf(openClient({ allow: [], ...(resolve ? { resolve } : {}) }).send(post(url), limits))).code;
const OWN = ['127.0.0.1/32'];
const isForbidden = makeAddressGuard(OWN);

describe.each(FORBIDDEN_ROWS)('%s %s is never reached', (_kind, address) => {
  test('as a literal', async () => {
    expect(await codeOf(`http://${inUrl(address)}:8080/`)).toBe('blocked');
  });

  test('through a name', async () => {
    expect(await codeOf('http://inward.example:8080/', answerWith([address]))).toBe('blocked');
  });

  test.each([0, 1, 2])('through a name with good addresses too, at place %i', async (place) => {
    const addresses = ['93.184.215.14', '2606:4700:4700::1111'];
    addresses.splice(place, 0, address);
    expect(await codeOf('http://mixed.example:8080/', answerWith(addresses))).toBe('blocked');
  });
});

test.each(FORBIDDEN_ROWS.filter(([, address]) => isForbidden(address)))(
  'a name that leads to %s %s the second time is asked once for each connection, and its first answer holds',
  async (_kind, address) => {
    let hits = 0;
    const url = await serve((_req, res) => {
      hits++;
      res.writeHead(200, { connection: 'close' }).end();
    });
    const resolve = answerWith(['127.0.0.1'], [address]);
    const client = openClient({ allow: OWN, resolve });
    const named = url.replace('127.0.0.1', 'rebinding.example');
    const answer = await client.send(post(named), limits);
    expect([answer.status, answer.peer, resolve.count(), hits]).toEqual([200, '127.0.0.1', 1, 1]);
    expect((await failureOf(client.send(post(named), limits))).code).toBe('blocked');
    expect([resolve.count(), hits]).toEqual([2, 1]);
  },
);

test.each(FORBIDDEN_ROWS)('a redirect to %s %s is an answer and leads nowhere', async (_kind, address) => {
  let hits = 0;
  const location = `http://${inUrl(address)}:8080/latest`;
  const url = await serve((_req, res) => {
    hits++;
    res.writeHead(307, { location }).end();
  });
  const resolve = answerWith(['127.0.0.1']);
  const answer = await openClient({ allow: OWN, resolve }).send(post(url), limits);
  expect([answer.status, hits, resolve.count()]).toEqual([307, 1, 0]);
});

test.each(DISGUISED)('a host in disguise is never reached, %s: %s', async (_kind, host) => {
  const url = `http://${host}:8080/`;
  const code = await codeOf(url, answerWith(['127.0.0.1']));
  expect(code).toBe(URL.canParse(url) ? 'blocked' : 'invalid');
});
