import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildApp } from '../../api/build-app';
import { listen } from '../../api/listen';
import { choosePort } from '../../embedded/choose-port';
import { parseSecretKeys } from '../../lib/secrets/parse-keys';
import type { StoredDelivery } from '../../schemas/delivery';
import { DELIVERIES } from '../../store/deliveries';
import { openEngine } from '../../workers/open-engine';
import { makeMap, makeRecord, makeTags, makeWebhook, tagToWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { SECRET_KEYS } from '../servers/open-system';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { endEntries } from '../servers/post';
import { until } from '../servers/until';

let api: TestApi;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver(() => ({ status: 503, body: 'busy' }));
  api = await openTestApi({ isWorking: true });
});
afterAll(async () => {
  await endEntries(api.system);
  await api.close();
  await receiver.close();
});

/** A delivery that failed once and waits an hour. */
async function waiting(): Promise<StoredDelivery> {
  const { system } = api;
  const webhookId = await makeWebhook(system, {
    url: receiver.url,
    schedule: { preset: 'custom', gapsSeconds: [3600] },
  });
  const [tagId] = await makeTags(system, `Tag of ${webhookId}`);
  await makeMap(system, tagToWebhook(tagId as never, webhookId));
  await makeRecord(system, {}, [tagId as never]);
  return until('a failed attempt', () =>
    system.db.model(DELIVERIES).findOne({ webhookId, status: 'waiting-retry' }).lean<StoredDelivery>(),
  );
}

test('a delivery that waits shows what Temporal knows of it: the next attempt, when, and why the last one failed', async () => {
  const row = await waiting();
  const live = await until('the next attempt to be scheduled', async () => {
    const { body } = await api.ada.call('GET', `/v1/deliveries/${row._id}`);
    return body.live?.nextAttemptAt && body.live;
  });
  expect(live).toMatchObject({
    workflowStatus: 'RUNNING',
    waitingFor: 'Webhook: Send to CRM',
    pendingAttempt: 2,
    lastFailure: expect.stringContaining('HTTP 503'),
  });
  expect(Math.abs(Date.parse(live.nextAttemptAt) - (row.nextAttemptAt?.getTime() ?? 0))).toBeLessThan(5000);
});

test('while Temporal does not answer, the row is shown without its live state within 4 s', async () => {
  const row = await waiting();
  const sockets = new Set<Socket>();
  const silent: Server = createServer((socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { engine, close } = openEngine({
    TEMPORAL_ADDRESS: `127.0.0.1:${(silent.address() as AddressInfo).port}`,
    TEMPORAL_NAMESPACE: 'default',
    TASK_QUEUE_PREFIX: '',
    TEMPORAL_UI_URL: undefined,
    SECRET_KEYS: parseSecretKeys(SECRET_KEYS).keys ?? [],
  });
  const port = await choosePort(0);
  const app = buildApp({ ...api.parts, engine });
  const stop = await listen(app, { host: '127.0.0.1', port });
  try {
    const beganMs = Date.now();
    const headers = { 'api-key': api.ada.apiKey, 'api-appid': api.ada.account.appId };
    const answer = await fetch(`http://127.0.0.1:${port}/v1/deliveries/${row._id}`, { headers });
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { id: row._id, status: 'waiting-retry', live: null },
    ]);
    expect(Date.now() - beganMs).toBeLessThan(4000);
  } finally {
    await stop();
    for (const socket of sockets) socket.destroy();
    await close();
    await new Promise((resolve) => silent.close(resolve));
  }
});
