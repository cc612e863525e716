import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StoredDelivery } from '../../schemas/delivery';
import type { DeliverySource } from '../../schemas/delivery-source';
import type { StoredEntry } from '../../schemas/entry';
import type { Fact } from '../../schemas/event';
import { EVENT_ROWS } from '../../schemas/event-catalogue';
import { EVENT_SAMPLES } from '../../schemas/event-samples';
import type { RecordId } from '../../schemas/ids';
import type { ListenedEvent } from '../../schemas/listened-event';
import { DELIVERIES } from '../../store/deliveries';
import { ENTRIES } from '../../store/entries';
import { EVENTS } from '../../store/events';
import { getRecord } from '../../store/records';
import { custom, triggerToEnd } from '../servers/draw';
import { makeMap, makeWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { type Made, makeTargets, ownSample } from '../servers/own-samples';
import { post, postCustom } from '../servers/post';
import { until } from '../servers/until';
import { untilQuiet } from '../servers/until-quiet';

const PATIENCE_MS = 180_000;
/** Sets off the map whose comings and goings are listened for */
const ENTER = 'helper.entered';

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

/** Listens for any event of the kind. Named is what always is, and the map: those that listen here are maps, too. */
function listenFor(sample: Fact): ListenedEvent {
  switch (sample.type) {
    case 'map.added':
    case 'map.removed':
      return { type: sample.type, mapId: sample.mapId };
    case 'custom':
      return { type: 'custom', name: sample.name };
    case 'date-field.reached':
    case 'date.reached':
      return sample;
    default:
      return { type: sample.type } as ListenedEvent;
  }
}

/** What the payload says of each kind of event beside its name: docs/subscriptions.md. */
const told = ({ tag, form, product, map, inbound }: Made): Record<string, object> => ({
  'record.created': { object_type_id: '0' },
  'record.deleted': { object_type_id: '0' },
  'record.merged': { object_type_id: '0' },
  'field.updated': { field: 'city', before: null, after: 'London' },
  'tag.added': { tag_id: tag.number },
  'tag.removed': { tag_id: tag.number },
  'form.submitted': { form_id: form.number },
  'product.purchased': { product_id: product.number },
  'product.refunded': { product_id: product.number },
  'transaction.added': { product_id: product.number },
  'map.added': { map_id: map.number },
  'map.removed': { map_id: map.number },
  'map.paused': { map_id: map.number },
  'map.resumed': { map_id: map.number },
  'goal.reached': { map_id: map.number },
  'task.completed': {},
  'task.cancelled': {},
  'task.overdue': {},
  'email.opened': { message_id: 'welcome' },
  'email.clicked': { message_id: 'welcome', link: 'https://example.com/offer' },
  'sms.received': { text: 'Yes please' },
  'inbound.received': { inbound_id: inbound.number, data: { order: 7 } },
  'date-field.reached': { field: 'birthday', offset_days: 0, date: '2026-12-10' },
  'date.reached': { date: '2026-12-24' },
  custom: { name: 'order.shipped', data: { order: 7 } },
});

/** Listeners by id: `rule/tag.added` */
const listeners = new Map<string, string>();
async function listen(sample: Fact): Promise<void> {
  const { type } = sample;
  const listened = listenFor(sample);
  const url = (by: string) => `${receiver.url}/${by}/${type}`;
  const settings = { event: listened, url: url('subscription') };
  listeners.set((await call('POST', '/v1/subscriptions', { settings })).id, `subscription/${type}`);
  if (type === 'record.deleted') return;
  const [onMap, byRule] = [
    await makeWebhook(api.system, { url: url('map') }),
    await makeWebhook(api.system, { url: url('rule') }),
  ];
  const { elements } = triggerToEnd(listened);
  const send = { webhookId: onMap, onFailure: 'continue' as const };
  const { mapId } = await makeMap(api.system, {
    settings: { reentry: 'always' },
    elements: [...elements, { id: 'send', kind: 'webhook', title: '', settings: send }],
    edges: [
      { from: 'start', port: 'next', to: 'send' },
      { from: 'send', port: 'next', to: 'end' },
    ],
  });
  const rule = { name: type, events: [listened], actions: [{ kind: 'send-webhook', webhookId: byRule }] };
  const { id: ruleId } = await call('POST', '/v1/rules', { settings: rule });
  listeners.set(mapId, `map/${type}`).set(ruleId, `rule/${type}`);
}

/** What a record's events led to, in the order in which it was begun. What is sent then goes side by side, each at its own rate. */
async function begunFor(recordId: RecordId): Promise<string[]> {
  const { db } = api.system;
  const deliveries = await db.model(DELIVERIES).find({ recordId }).lean<StoredDelivery[]>();
  const entries = await db.model(ENTRIES).find({ recordId }).lean<StoredEntry[]>();
  const begun = [
    ...deliveries.map(({ _id, source }) => ({ _id, by: sourceIdOf(source) })),
    ...entries.map(({ _id, mapId }) => ({ _id, by: mapId })),
  ].sort((a, b) => (a._id.slice(4) < b._id.slice(4) ? -1 : 1));
  return begun.flatMap(({ by }) => listeners.get(by) ?? []);
}

/** A map's deliveries follow from its entry. */
const sourceIdOf = (source: DeliverySource): string =>
  source.type === 'subscription' ? source.subscriptionId : source.type === 'rule' ? source.ruleId : '';

test(
  'every kind of event reaches a trigger, a rule and a subscription, each once and in its order, the latter with the documented payload; that a record is deleted only the subscription',
  async () => {
    expect(EVENT_SAMPLES.map(({ type }) => type)).toEqual(EVENT_ROWS.map(({ type }) => type));
    const { system } = api;
    await call('PATCH', '/v1/account', { settings: { features: { globalRules: true } } });
    const { mapId } = await makeMap(system, triggerToEnd(custom(ENTER)));
    const made = await makeTargets(api, mapId);
    const { id } = await call('POST', '/v1/records', { fields: { firstname: 'Ada', city: 'London' } });
    const recordId = id as RecordId;
    const { number } = await getRecord(system.db, { accountId: api.ada.account._id, recordId });
    const { id: early } = await call('POST', '/v1/records', { fields: { firstname: 'Early' } });
    await untilQuiet(system, PATIENCE_MS);
    const samples = EVENT_SAMPLES.map((sample) => ownSample(sample, made));
    for (const sample of samples) await listen(sample);
    // Who has just begun to listen to map.removed is known to workers within a second.
    await until(
      'a first leaving that is heard',
      async () => {
        await postCustom(system, early, ENTER);
        await untilQuiet(system, PATIENCE_MS);
        return receiver.arrivals.some(({ path }) => path === '/subscription/map.removed');
      },
      PATIENCE_MS,
    );
    receiver.arrivals.length = 0;

    const byItself = ['map.added', 'map.removed', 'record.deleted'];
    await post(system, recordId, ...samples.filter(({ type }) => !byItself.includes(type)));
    await untilQuiet(system, PATIENCE_MS);
    await postCustom(system, recordId, ENTER);
    await untilQuiet(system, PATIENCE_MS);
    await call('DELETE', `/v1/records/${recordId}`);
    await untilQuiet(system, PATIENCE_MS);

    const types = [
      ...samples.map(({ type }) => type).filter((type) => !byItself.includes(type)),
      'map.added',
      'map.removed',
    ];
    const expected = [
      ...types.flatMap((type) => ['rule', 'map', 'subscription'].map((by) => `${by}/${type}`)),
      'subscription/record.deleted',
    ];
    expect(await begunFor(recordId)).toEqual(expected);
    expect(receiver.arrivals.map(({ path }) => path.slice(1)).sort()).toEqual([...expected].sort());
    expect(await system.db.model(EVENTS).countDocuments({ status: 'parked' })).toBe(0);

    for (const { type, subscription } of EVENT_ROWS) {
      const arrival = receiver.arrivals.find(({ path }) => path === `/subscription/${type}`);
      const payload = JSON.parse(arrival?.body ?? '');
      expect(Object.keys(payload)).toEqual(['webhook_id', 'object_type_id', 'event', 'data', 'timestamp']);
      expect(payload.object_type_id).toBe('0');
      expect(payload.event).toEqual({ type: subscription, ...told(made)[type] });
      expect(payload.data.id).toBe(String(number));
    }
  },
  PATIENCE_MS * 2,
);
