import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DELIVERIES } from '../../store/deliveries';
import { type FilledAccount, fillAccount } from '../../tests/servers/fill-account';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';
import type { Json, Media, OpenApiDocument, Operation } from './open-api-document';

const FORM = 'application/x-www-form-urlencoded';

let api: TestApi;
let account: FilledAccount;
let document: OpenApiDocument;
beforeAll(async () => {
  api = await openTestApi();
  account = await fillAccount(api);
  document = (await api.ada.call('GET', '/v1/openapi')).body;
});
afterAll(() => api.close());

/** A tag has the name of the example no longer. */
async function renameTag(): Promise<void> {
  const tags: { id: string; tag_name: string }[] = (await api.ada.call('GET', '/1/Tags')).body.data;
  for (const { id } of tags.filter(({ tag_name }) => tag_name === 'Customer'))
    await api.ada.call('PUT', '/1/Tags', { id, tag_name: `Was customer ${tags.length}` });
}
const endDelivery = () => api.system.db.model(DELIVERIES).updateMany({}, { $set: { status: 'failed' } });

/** Operations that can be done once: before each example there is a thing again that is in the state for it. */
const ONCE: readonly [RegExp, renew: () => Promise<unknown>][] = [
  [/transaction\/writeOff$/, () => account.sellUnpaid()],
  [/\/1\/transaction\/|\/purchases\/\{/, () => account.sell()],
  [/\/1\/task\/|\/tasks\/\{/, () => account.assign()],
  [/ \/1\/Tags$/, renameTag],
  [/payments$/, () => account.offer()],
  [/edit-and-retry$/, endDelivery],
];
/** The only operations whose examples are refused, since Hookline moves no money, or since the latest delivery is over. */
const REFUSED: readonly [RegExp, status: number][] = [
  [/\/1\/transaction\/(rerun|rerunCommission|resendInvoice|convertToCollections|convertToDecline|order)$/, 422],
  [/^POST \/v1\/deliveries\/\{deliveryId\}\/(retry|cancel)$/, 409],
];
/** Wait for a worker, which these tests leave out. */
const NEEDS_WORKER = [
  'POST /v1/entries/{entryId}/exit',
  'POST /v1/subscriptions/{subscriptionId}/test',
  'POST /v1/webhooks/{webhookId}/test',
];
/** No record of these object types has an address, and of some kinds there is nothing. */
const HAS_NONE =
  /^GET \/1\/((Deal|Company|Product|Task|Purchase|PurchaseHistoryLog|Transaction)\/getByEmail|Group|LandingPage|OpenOrder|CreditCard|Order|Offer)$/;

const bodiesOf = ({ example, examples }: Media): (Json | undefined)[] =>
  examples ? Object.values(examples).map(({ value }) => value) : [example];

test('every operation that deletes nothing runs with its examples as they stand', async () => {
  const unfilled: string[] = [];
  const refused: string[] = [];
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const name = `${method.toUpperCase()} ${path}`;
      const isEndless = JSON.stringify(operation.responses).includes('text/event-stream');
      const isDeleting = method === 'delete' || /\/(unsubscribe|merge)$/.test(path);
      if (isDeleting || NEEDS_WORKER.includes(name) || isEndless) continue;
      const expected = REFUSED.find(([names]) => names.test(name))?.[1];
      for (const [type, { length }] of examplesOf(operation))
        for (let n = 0; n < length; n++) {
          const { filled, body } = exampleIn(await renewed(name), { path, method, type, n });
          if (filled === null) {
            unfilled.push(name);
            continue;
          }
          // Lists in lists have no spelling in a plain form.
          if (type === FORM && JSON.stringify(body).includes('[')) continue;
          const { status, text } = await send(method, filled, type, body);
          const isRight = expected === undefined ? status < 300 : status === expected;
          if (!isRight) refused.push(`${name} ${JSON.stringify(body)} ${status}: ${text}`);
        }
    }
  expect(refused).toEqual([]);
  expect(unfilled.filter((name) => !HAS_NONE.test(name))).toEqual([]);
});

/** Examples by content type; one without a type for an operation that takes no body. */
const examplesOf = ({ requestBody }: Operation): [type: string, examples: (Json | undefined)[]][] =>
  Object.entries(requestBody?.content ?? { '': {} }).map(([type, media]) => [type, bodiesOf(media)]);

/** The document, anew where an operation can be done once. */
async function renewed(name: string): Promise<OpenApiDocument> {
  const renew = ONCE.find(([names]) => names.test(name))?.[1];
  if (!renew) return document;
  await renew();
  return (await api.ada.call('GET', '/v1/openapi')).body;
}

function exampleIn(
  { paths }: OpenApiDocument,
  { path, method, type, n }: { path: string; method: string; type: string; n: number },
): { filled: string | null; body: Json | undefined } {
  const operation = paths[path]?.[method as keyof (typeof paths)[string]] as Operation;
  const [, examples = []] = examplesOf(operation).find(([of]) => of === type) ?? [];
  return { filled: fillPath(path, operation), body: examples[n] };
}

function fillPath(path: string, { parameters = [] }: Operation): string | null {
  const query = new URLSearchParams();
  let filled = path;
  for (const { name, in: where, required, example } of parameters) {
    if (required && example === undefined) return null;
    if (where === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(String(example)));
    if (where === 'query' && example !== undefined) query.set(name, String(example));
  }
  return query.size > 0 ? `${filled}?${query}` : filled;
}

function send(method: string, path: string, type: string, body: Json | undefined) {
  if (body === undefined) return api.ada.call(method.toUpperCase(), path);
  if (type !== FORM) return api.ada.call(method.toUpperCase(), path, body);
  const raw = new URLSearchParams(
    Object.entries(body as object).map(([key, value]): [string, string] => [key, String(value)]),
  ).toString();
  return api.ada.call(method.toUpperCase(), path, undefined, { raw, headers: { 'content-type': type } });
}
