import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PAYLOAD_ENCODINGS, PAYLOAD_FORMATS } from '../../schemas/subscription';
import { type OntraportCaller, ontraportCaller } from '../servers/ontraport-caller';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openSubscriber, PATIENCE_MS } from '../servers/open-subscriber';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { untilHandled } from '../servers/post';
import { until } from '../servers/until';

let api: TestApi;
let receiver: Receiver;
let ada: ReturnType<typeof openSubscriber>;
let dataOf: OntraportCaller['dataOf'];
beforeAll(async () => {
  api = await openTestApi({ isWorking: true });
  receiver = await openReceiver();
  ada = openSubscriber(api, receiver);
  ({ dataOf } = ontraportCaller(api.ada));
});
afterAll(async () => {
  await receiver.close();
  await api.close();
});

const FIELDS = { firstname: 'Ada', lastname: 'Love & lace', email: 'ada@example.test' };
const DATA = { default: Object.keys(FIELDS).length + 1, lightweight: 4, notify: 1 };

test('what is subscribed by /1 gets the documented payload in its format and encoding, and /1/Webhook says so', async () => {
  const { tag_id: tagId } = await dataOf('POST', '/Tags', 'tag_name=VIP');
  const event = `sub_tag(${tagId})`;
  const variants = PAYLOAD_FORMATS.flatMap((format) => PAYLOAD_ENCODINGS.map((encoding) => ({ format, encoding })));
  const subscribe = (path: string, data: string | undefined) =>
    dataOf('POST', '/Webhook/subscribe', {
      url: `${receiver.url}${path}`,
      event,
      ...(data === undefined ? {} : { data }),
    });
  const made = await Promise.all(
    variants.map((variant) => subscribe(`/${variant.format}/${variant.encoding}`, JSON.stringify(variant))),
  );
  const plain = await subscribe('/plain', undefined);
  const { id } = await dataOf('POST', '/Contacts', FIELDS);
  const beforeSeconds = Math.floor(Date.now() / 1000);
  await dataOf('PUT', '/objects/tag', `objectID=0&ids=${id}&add_list=${tagId}`);

  for (const [index, { format, encoding }] of variants.entries()) {
    const [arrival] = await ada.untilArrived(`/${format}/${encoding}`);
    const { body = '', headers, method } = arrival ?? { headers: {} };
    const webhookId = made[index].id;
    const payload = encoding === 'json' ? JSON.parse(body) : readForm(body);
    expect([method, headers['content-type']]).toEqual([
      'POST',
      encoding === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
    ]);
    expect(payload).toEqual({
      webhook_id: webhookId,
      object_type_id: '0',
      event: { type: 'sub_tag', tag_id: tagId },
      data:
        format === 'default'
          ? expect.objectContaining({ id, ...FIELDS, contact_cat: `*/*${tagId}*/*` })
          : light(format, id),
      timestamp: encoding === 'json' ? expect.any(Number) : expect.stringMatching(/^\d{10}$/),
    });
    expect(Number(payload.timestamp)).toBeGreaterThanOrEqual(beforeSeconds);
    expect(Object.keys(payload.data).length).toBeGreaterThanOrEqual(DATA[format]);
    const shown = await untilHooked(webhookId);
    expect(shown).toMatchObject({ event, last_code: '200', last_payload: body });
    expect(Number(shown.last_hook)).toBeGreaterThanOrEqual(beforeSeconds);
  }
  const [arrival] = await ada.untilArrived('/plain');
  expect(JSON.parse(arrival?.body ?? '')).toMatchObject({ webhook_id: plain.id, data: FIELDS });
  await untilHandled(api.system, PATIENCE_MS);
  expect(receiver.arrivals).toHaveLength(variants.length + 1);
});

test('a refusal of the receiver is told, too', async () => {
  receiver.answer = () => ({ status: 410, body: 'gone' });
  const { id } = await dataOf('POST', '/Webhook/subscribe', {
    url: `${receiver.url}/gone`,
    event: 'object_create(149)',
    data: '{"format":"notify"}',
  });
  const deal = await dataOf('POST', '/Deals', 'name=Engine');
  const [arrival] = await ada.untilArrived('/gone');
  expect(JSON.parse(arrival?.body ?? '')).toMatchObject({
    object_type_id: '149',
    event: { type: 'object_create', object_type_id: '149' },
    data: { id: deal.id },
  });
  expect(await untilHooked(id)).toMatchObject({ last_code: '410', last_payload: arrival?.body });
});

const light = (format: 'lightweight' | 'notify', id: string) => (format === 'notify' ? { id } : { id, ...FIELDS });

/** `event[type]=sub_tag` as `{event: {type: 'sub_tag'}}`. */
// biome-ignore lint/suspicious/noExplicitAny: tests read payloads freely
function readForm(body: string): any {
  const read: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(body)) {
    const [, outer, inner] = /^(\w+)\[(\w+)\]$/.exec(name) ?? [];
    if (outer && inner) read[outer] = { ...(read[outer] as object), [inner]: value };
    else read[name] = value;
  }
  return read;
}

const untilHooked = (id: string) =>
  until(
    `a code at ${id}`,
    async () => {
      const shown = await dataOf('GET', `/Webhook?id=${id}`);
      return shown.last_code !== '' && shown;
    },
    PATIENCE_MS,
  );
