import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { choosePort } from '../../embedded/choose-port';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { findProcess, type StartedProcess, spawnStart } from '../servers/spawn-start';
import { until } from '../servers/until';

const MAPS = 10;
const RECORDS = 200;

let folder: string;
let receiver: Receiver;
let started: StartedProcess;
let env: Record<string, string> & { DATA_DIR: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-kill-'));
  receiver = await openReceiver(() => ({ status: 200, delayMs: 20 }));
  const [api, temporal, ui, mongodb] = [
    await choosePort(0),
    await choosePort(0),
    await choosePort(0),
    await choosePort(0),
  ];
  env = {
    DATA_DIR: folder,
    PORT: `${api}`,
    TEMPORAL_PORT: `${temporal}`,
    TEMPORAL_UI_PORT: `${ui}`,
    MONGODB_PORT: `${mongodb}`,
  };
  started = await spawnStart(env);
  for (let n = 0; n < MAPS; n++) await makeLiveMap(n);
}, 120_000);
afterAll(async () => {
  await started?.kill('SIGTERM');
  await receiver?.close();
  await rm(folder, { recursive: true, force: true });
});

/** tag → webhook; ten of them, so that no rate limit stretches the test */
async function makeLiveMap(n: number): Promise<void> {
  const tag = await started.call<{ id: string }>('POST', '/v1/tags', { name: `Tag ${n}` });
  const settings = {
    name: `Webhook ${n}`,
    url: receiver.url,
    body: '{"n":"[First Name]"}',
    schedule: { preset: 'custom', gapsSeconds: Array(9).fill(1) },
  };
  const webhook = await started.call<{ id: string }>('POST', '/v1/webhooks', { settings });
  const elements = [
    { id: 'start', kind: 'trigger', settings: { events: [{ type: 'tag.added', tagId: tag.id }] } },
    { id: 'send', kind: 'webhook', settings: { webhookId: webhook.id } },
    { id: 'end', kind: 'end' },
  ];
  const edges = [
    { from: 'start', port: 'next', to: 'send' },
    { from: 'send', port: 'next', to: 'end' },
  ];
  const made = await started.call<{ id: string }>('POST', '/v1/maps', { name: `Map ${n}`, draft: { elements, edges } });
  await started.call('POST', `/v1/maps/${made.id}/publish`, {});
}

/** Lets records enter while `harm` is done, and proves that every one is delivered, none twice beyond one repeat. */
async function expectAllDelivered(label: string, harm: () => Promise<void>): Promise<void> {
  const from = receiver.arrivals.length;
  const accepted = new Set<string>();
  const post = async (n: number): Promise<void> => {
    const name = `${label} ${n}`;
    // The client repeats with the same key until it is answered, as the docs say.
    await until(
      `record ${name} to be accepted`,
      async () => {
        await started.call('POST', '/v1/records/save-or-update', {
          fields: { firstname: name, email: `${label}.${n}@example.com` },
          tags: [`Tag ${n % MAPS}`],
        });
        accepted.add(name);
        return true;
      },
      240_000,
    );
  };
  const posting = Promise.all(
    Array.from({ length: 8 }, async (_, lane) => {
      for (let n = lane; n < RECORDS; n += 8) await post(n);
    }),
  );
  await until('half of the records', () => receiver.arrivals.length - from > RECORDS / 4, 240_000);
  await harm();
  await posting;
  const arrivals = () =>
    receiver.arrivals.slice(from).filter(({ body }) => (JSON.parse(body).n as string).startsWith(`${label} `));
  await until(
    `all ${RECORDS} at the receiver`,
    () => new Set(arrivals().map(({ body }) => body)).size === RECORDS,
    240_000,
  );
  await until(
    'the log to say delivered',
    async () => {
      const states = await Promise.all(
        ['queued', 'waiting-slot', 'waiting-retry', 'sending', 'failed', 'cancelled', 'held'].map((status) =>
          started.call<{ items: unknown[] }>('GET', `/v1/deliveries?status=${status}&limit=1`),
        ),
      );
      return states.every(({ items }) => items.length === 0);
    },
    240_000,
  );

  const byId = new Map<string, number>();
  for (const { deliveryId } of arrivals()) byId.set(deliveryId, (byId.get(deliveryId) ?? 0) + 1);
  expect(accepted.size).toBe(RECORDS);
  expect(byId.size).toBe(RECORDS);
  expect(Math.max(...byId.values())).toBeLessThanOrEqual(2);
}

test('200 records entering while the process is killed and started again are all delivered', async () => {
  await expectAllDelivered('process', async () => {
    await started.kill('SIGKILL');
    started = await spawnStart(env);
  });
}, 600_000);

test('the same with Temporal killed', async () => {
  await expectAllDelivered('temporal', async () => {
    process.kill(findProcess('temporal', folder), 'SIGKILL');
  });
}, 600_000);

test('the same with MongoDB killed', async () => {
  await expectAllDelivered('mongodb', async () => {
    process.kill(findProcess('mongod', folder), 'SIGKILL');
  });
}, 600_000);
