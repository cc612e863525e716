import { readFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TagId } from '../../schemas/ids';
import { AUTHORITY_FILE, listenAs, type Stranger } from '../servers/hostile/stranger';
import { makeMap, makeRecord, makeTags, makeWebhook, tagToWebhook } from '../servers/make';
import { openSystem, type TestSystem } from '../servers/open-system';
import { spawnWorker, type WorkerProcess } from '../servers/spawn-worker';
import { until } from '../servers/until';

const LIMIT = 20;
const GAP_MS = 60_000 / LIMIT;
/** What the receiver's way to the inside takes before a connection is there. */
const CONNECT_MS = 1800;

let system: TestSystem;
let worker: WorkerProcess;
let strangers: Stranger[];
const arrivedMs: number[] = [];
let connections = 0;
beforeAll(async () => {
  const pem = (file: string): Buffer => readFileSync(join(dirname(AUTHORITY_FILE), file));
  const inside = createHttpsServer({ cert: pem('good.pem'), key: pem('good.key') }, (request, response) => {
    arrivedMs.push(performance.now());
    request.resume().on('end', () => response.end('ok'));
  });
  const secured = await listenAs('https', inside);
  // The first connection is slow to open, as over a long way; those after it are not.
  const outside = createServer((socket) => {
    const delayMs = connections++ === 0 ? CONNECT_MS : 0;
    setTimeout(() => {
      const inner = connect((inside.address() as AddressInfo).port, '127.0.0.1');
      socket.pipe(inner).pipe(socket);
      inner.on('error', () => socket.destroy());
    }, delayMs);
  });
  strangers = [await listenAs('https', outside), secured];
  system = await openSystem({ hasWorkers: false });
  worker = await spawnWorker(system, undefined, { NODE_EXTRA_CA_CERTS: AUTHORITY_FILE });
});
afterAll(async () => {
  await worker?.stop();
  await Promise.all((strangers ?? []).map((stranger) => stranger.close()));
  await system?.close();
});

test('however long a connection takes to open, requests arrive no closer together than the limit allows', async () => {
  const [tagId] = (await makeTags(system, 'Customer')) as [TagId];
  const url = strangers[0]?.url ?? '';
  const webhookId = await makeWebhook(system, { url, requestsPerMinute: LIMIT, schedule: { preset: 'none' } });
  await makeMap(system, tagToWebhook(tagId, webhookId));
  for (let n = 0; n < 4; n++) await makeRecord(system, {}, [tagId]);
  await until('all to arrive', () => arrivedMs.length === 4, 60_000);
  const gapsMs = arrivedMs.slice(1).map((ms, index) => ms - (arrivedMs[index] ?? 0));
  expect(Math.min(...gapsMs)).toBeGreaterThan(GAP_MS - 300);
}, 90_000);
