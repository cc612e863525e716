import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { Fact, StoredEvent } from '../../schemas/event';
import { eventRowOf } from '../../schemas/event-catalogue';
import { EVENT_SAMPLES } from '../../schemas/event-samples';
import type { TagId } from '../../schemas/ids';
import { PAYLOAD_ENCODINGS, PAYLOAD_FORMATS } from '../../schemas/subscription';
import { notify } from '../../workers/dispatch/notify';
import { makeTags } from '../servers/make';
import { type Arrival, openReceiver, type Receiver } from '../servers/open-receiver';
import { openSubscriber, PATIENCE_MS, type Subscribed } from '../servers/open-subscriber';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { post as postFacts, untilHandled } from '../servers/post';

let api: TestApi;
let receiver: Receiver;
let ada: ReturnType<typeof openSubscriber>;
beforeAll(async () => {
  api = await openTestApi({ isWorking: true });
});
beforeEach(async () => {
  receiver = await openReceiver();
  ada = openSubscriber(api, receiver);
});
afterEach(async () => {
  await ada.removeAll();
  await receiver.close();
});
afterAll(() => api.close());

test('a tag that is added arrives once at each subscription, in its format and encoding, signed by its secret', async () => {
  const [tagId] = (await makeTags(api.system, 'VIP')) as [TagId];
  const tagNumber = await ada.numberOf('tags', tagId);
  const variants = PAYLOAD_FORMATS.flatMap((format) => PAYLOAD_ENCODINGS.map((encoding) => ({ format, encoding })));
  const made = await Promise.all(
    variants.map((variant) =>
      ada.subscribe({ type: 'tag.added', tagId }, { ...variant, path: `/${variant.format}/${variant.encoding}` }),
    ),
  );
  await ada.subscribe({ type: 'tag.removed', tagId }, { path: '/other-event' });
  const fields = { firstname: 'Ada', lastname: 'Love & lace', email: 'ada@example.test' };
  const { id: recordId } = await ada.post('/v1/records', { fields });
  await ada.post(`/v1/records/${recordId}/tags`, { add: ['VIP', 'Lead'] });
  const [id, event] = [
    await ada.numberOf('records', recordId),
    await ada.eventOf(recordId, { type: 'tag.added', tagId }),
  ];
  const timestamp = Math.floor(event.at.getTime() / 1000);

  for (const [index, { format, encoding }] of variants.entries()) {
    const [arrival] = await ada.untilArrived(`/${format}/${encoding}`);
    const { number, signingSecret, id: subscriptionId, webhookId } = made[index] as Subscribed;
    const { body = '', headers, method } = arrival ?? ({} as Partial<Arrival>);
    expect([method, headers?.['content-type']]).toEqual([
      'POST',
      encoding === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
    ]);
    const signed = new Webhook(signingSecret);
    if (encoding === 'json') signed.verify(body, headers as Record<string, string>);
    else expect(() => signed.verify(body, headers as Record<string, string>)).toThrow(/JSON/);

    const light = { id, ...(format === 'notify' ? {} : fields) };
    const head = { webhook_id: String(number), object_type_id: '0' };
    if (encoding === 'json') {
      const payload = JSON.parse(body);
      expect(Object.keys(payload)).toEqual(['webhook_id', 'object_type_id', 'event', 'data', 'timestamp']);
      expect(payload).toMatchObject({ ...head, event: { type: 'sub_tag', tag_id: tagNumber }, data: light, timestamp });
      expect(Object.keys(payload.data).length > 4).toBe(format === 'default');
    } else {
      expect(body).toMatch(
        new RegExp(
          `^webhook_id=${number}&object_type_id=0&event\\[type\\]=sub_tag&event\\[tag_id\\]=${tagNumber}&data\\[id\\]=${id}&`,
        ),
      );
      const form = new URLSearchParams(body);
      for (const [key, value] of Object.entries(light)) expect(form.get(`data[${key}]`)).toBe(value);
      expect(form.get('timestamp')).toBe(String(timestamp));
    }
    const [row] = await ada.untilAll(webhookId, 'delivered', 1);
    expect(row).toMatchObject({
      type: 'subscription',
      name: `sub_tag(${tagNumber})`,
      source: { subscriptionId, eventId: event._id },
      recordId,
    });
    expect(await ada.get(`/v1/subscriptions/${subscriptionId}`)).toMatchObject({
      lastCode: 200,
      lastPayload: body,
      lastHookAt: expect.any(String),
    });
  }
  await untilHandled(api.system, PATIENCE_MS);
  expect(receiver.arrivals).toHaveLength(variants.length);
});

test('every event of the catalogue is told once, by its name and target', async () => {
  const { id: recordId } = await ada.post('/v1/records', { fields: { firstname: 'Ada' } });
  await untilHandled(api.system, PATIENCE_MS);
  const named = ({ type, ...fact }: Fact): object => {
    const given = fact as Record<string, unknown>;
    if (type === 'custom') return { name: given.name };
    if (type === 'date.reached') return { date: given.date };
    if (type !== 'date-field.reached') return {};
    return { fieldId: given.fieldId, offsetDays: given.offsetDays, isYearly: given.isYearly };
  };
  const made = await Promise.all(
    EVENT_SAMPLES.map((fact) =>
      ada.subscribe({ type: fact.type, ...named(fact) }, { path: `/${fact.type}`, format: 'notify' }),
    ),
  );
  await postFacts(api.system, recordId, ...EVENT_SAMPLES);
  await untilHandled(api.system, PATIENCE_MS);
  await Promise.all(made.map(({ webhookId }) => ada.untilAll(webhookId, 'delivered', 1)));
  for (const { type } of EVENT_SAMPLES) {
    const row = eventRowOf(type);
    const [arrival, ...more] = ada.at(`/${type}`);
    expect([type, more]).toEqual([type, []]);
    const { event, data } = JSON.parse(arrival?.body ?? '');
    expect(event.type).toBe(row?.subscription);
    expect(Object.keys(event)).toEqual(['type', ...(row?.targetKey ? [row.targetKey] : [])]);
    expect(Object.values(event)).not.toContain('');
    expect(data).toEqual({ id: await ada.numberOf('records', recordId) });
  }
});

test('an event that is routed twice makes one delivery, and so do two pumps at once', async () => {
  const { id: subscriptionId, webhookId } = await ada.subscribe({ type: 'custom', name: 'order.shipped' });
  const { id: recordId } = await ada.post('/v1/records', {});
  await ada.post('/v1/events', { recordId, name: 'order.shipped', data: { order: 7 } });
  await ada.untilAll(webhookId, 'delivered', 1);
  await untilHandled(api.system, PATIENCE_MS);
  const event = await ada.eventOf(recordId, { type: 'custom' });
  await Promise.all([1, 2, 3].map(() => notify(api.system, event, subscriptionId)));

  const [fresh] = await postFacts(api.system, recordId, { type: 'custom', name: 'order.shipped', data: {} });
  await Promise.all([1, 2, 3].map(() => notify(api.system, fresh as StoredEvent, subscriptionId)));
  await ada.untilAll(webhookId, 'delivered', 2);
  await untilHandled(api.system, PATIENCE_MS);
  expect(await ada.rows(webhookId)).toHaveLength(2);
  expect(receiver.arrivals).toHaveLength(2);
  expect(JSON.parse(receiver.arrivals[0]?.body ?? '').event).toEqual({
    type: 'custom',
    name: 'order.shipped',
    data: { order: 7 },
  });
});
