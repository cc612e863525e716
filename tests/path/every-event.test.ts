import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Fact } from '../../schemas/event';
import { EVENT_ROWS } from '../../schemas/event-catalogue';
import { EVENT_SAMPLES } from '../../schemas/event-samples';
import type { RecordId } from '../../schemas/ids';
import type { ListenedEvent } from '../../schemas/listened-event';
import { makeMap, makeWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { post } from '../servers/post';
import { until } from '../servers/until';

const PATIENCE_MS = 180_000;

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

const call = async (method: string, path: string, body?: unknown) => {
  const answer = await api.ada.call(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
  return answer.body;
};

/** Listens for any event of the kind; kinds that always name something name what the sample names. */
function listenFor(sample: Fact): ListenedEvent {
  switch (sample.type) {
    case 'custom':
      return { type: 'custom', name: sample.name };
    case 'date-field.reached':
    case 'date.reached':
      return sample;
    default:
      return { type: sample.type } as ListenedEvent;
  }
}

/** A record that is gone starts nothing more: then only subscriptions are told. */
const isGone = ({ type }: Fact): boolean => type === 'record.deleted';

test(
  'every kind of event reaches a trigger, a rule and a subscription, each once, the latter with the documented payload',
  async () => {
    expect(EVENT_SAMPLES.map(({ type }) => type)).toEqual(EVENT_ROWS.map(({ type }) => type));
    await call('PATCH', '/v1/account', { settings: { features: { globalRules: true } } });
    const { id, number } = await call('POST', '/v1/records', { fields: { firstname: 'Ada', city: 'London' } });
    const recordId = id as RecordId;
    for (const sample of EVENT_SAMPLES) {
      const listened = listenFor(sample);
      const url = (by: string) => `${receiver.url}/${by}/${sample.type}`;
      const [onMap, byRule] = [
        await makeWebhook(api.system, { url: url('map') }),
        await makeWebhook(api.system, { url: url('rule') }),
      ];
      await makeMap(api.system, {
        settings: { reentry: 'always' },
        elements: [
          { id: 'start', kind: 'trigger', title: '', settings: { events: [listened] } },
          { id: 'send', kind: 'webhook', title: '', settings: { webhookId: onMap, onFailure: 'continue' } },
          { id: 'end', kind: 'end', title: '', settings: {} },
        ],
        edges: [
          { from: 'start', port: 'next', to: 'send' },
          { from: 'send', port: 'next', to: 'end' },
        ],
      });
      if (!isGone(sample)) {
        const actions = [{ kind: 'send-webhook', webhookId: byRule }];
        await call('POST', '/v1/rules', { settings: { name: sample.type, events: [listened], actions } });
      }
      await call('POST', '/v1/subscriptions', { event: listened, url: url('subscription') });
    }

    const facts = EVENT_SAMPLES.filter((sample) => !isGone(sample));
    await post(api.system, recordId, ...facts);
    const paths = () => receiver.arrivals.map(({ path }) => path).sort();
    const expected = facts.flatMap(({ type }) => ['map', 'rule', 'subscription'].map((by) => `/${by}/${type}`)).sort();
    await until('all arrivals', () => paths().length >= expected.length, PATIENCE_MS);
    await call('DELETE', `/v1/records/${recordId}`);
    await until('the last', () => paths().includes('/subscription/record.deleted'), PATIENCE_MS);
    expect(paths()).toEqual([...expected, '/subscription/record.deleted'].sort());

    for (const { type, subscription } of EVENT_ROWS) {
      const arrival = receiver.arrivals.find(({ path }) => path === `/subscription/${type}`);
      const payload = JSON.parse(arrival?.body ?? '');
      expect(Object.keys(payload)).toEqual(['webhook_id', 'object_type_id', 'event', 'data', 'timestamp']);
      expect(payload.object_type_id).toBe('0');
      expect(payload.event.type).toBe(subscription);
      expect(typeof payload.data.id).toBe('string');
      if (!['product.purchased', 'product.refunded', 'transaction.added'].includes(type))
        expect(payload.data.id).toBe(String(number));
    }
  },
  PATIENCE_MS * 2,
);
