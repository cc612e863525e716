import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sign } from '../../lib/secrets/signature';
import type { InboundId } from '../../schemas/ids';
import { makeMap, makeWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { untilHandled } from '../servers/post';
import { until } from '../servers/until';

let api: TestApi;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
  api = await openTestApi({ isWorking: true });
});
afterAll(async () => {
  await api.close();
  await receiver.close();
});

test("a signed message starts a map's webhook once, though it is sent twice", async () => {
  const { body: source } = await api.ada.call('POST', '/v1/inbounds', {
    settings: {
      name: 'Shop',
      mapping: [
        { path: '$.email', fieldId: 'email' },
        { path: '$.name', fieldId: 'firstname' },
      ],
      signature: { kind: 'standard-webhooks' },
    },
  });
  const webhookId = await makeWebhook(api.system, { url: `${receiver.url}/crm` });
  await makeMap(api.system, {
    settings: { reentry: 'always' },
    elements: [
      {
        id: 'start',
        kind: 'trigger',
        title: 'Ordered',
        settings: { events: [{ type: 'inbound.received', inboundId: source.id as InboundId }] },
      },
      { id: 'send', kind: 'webhook', title: 'Send', settings: { webhookId, onFailure: 'continue' } },
      { id: 'end', kind: 'end', title: '', settings: {} },
    ],
    edges: [
      { from: 'start', port: 'next', to: 'send' },
      { from: 'send', port: 'next', to: 'end' },
    ],
  });
  const send = async (id: string, name: string) => {
    const body = JSON.stringify({ email: 'ada@example.com', name });
    const timestampSeconds = Math.floor(Date.now() / 1000);
    const response = await fetch(`${api.url}${new URL(source.url).pathname}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(timestampSeconds),
        'webhook-signature': sign({ id, timestampSeconds, body }, [source.secret]),
      },
      body,
    });
    return (await response.json()) as { isDuplicate: boolean };
  };
  const twice = await Promise.all([send('msg_1', 'Ada'), send('msg_1', 'Ada')]);
  expect(twice.map(({ isDuplicate }) => isDuplicate).sort()).toEqual([false, true]);
  await until('the webhook', () => receiver.arrivals[0]);
  expect((await send('msg_1', 'Ada')).isDuplicate).toBe(true);

  // A message of its own shows that the repeats have been passed by.
  expect((await send('msg_2', 'Augusta')).isDuplicate).toBe(false);
  await until('the second webhook', () => receiver.arrivals[1]);
  await untilHandled({ ...api.system });
  expect(receiver.arrivals.map(({ body }) => JSON.parse(body).name)).toEqual(['Ada', 'Augusta']);
});
