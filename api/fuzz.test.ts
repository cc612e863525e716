import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makeAllKinds } from '../tests/servers/all-kinds';
import { expectNothingLeft, sampleRefusals } from '../tests/servers/nothing-left';
import { type ApiAnswer, openTestApi, type TestApi } from '../tests/servers/open-test-api';
import type { Route } from './route';
import { ROUTES } from './routes';

const BODIES = 500;
/** Where no body is read, each is like the other. */
const BODIES_UNREAD = 10;
const AT_ONCE = 10;

let api: TestApi;
let ids: Record<string, string>;
let subscribedId: string;
beforeAll(async () => {
  api = await openTestApi();
  ids = { ...(await makeAllKinds(api, api.ada, 'x')), objectTypeId: '0' };
  const { body } = await api.ada.call('GET', `/v1/subscriptions/${ids.subscriptionId}`);
  subscribedId = body.webhookId;
});
afterAll(() => api.close());

const writes = ROUTES.filter(({ method }) => ['post', 'put', 'patch'].includes(method));

/** Bodies of routes whose examples cannot stand alone, since they name a record. */
const baseOf = (path: string): unknown => {
  const { recordId, mapId, productId, otherId } = ids;
  const bodies: Record<string, unknown> = {
    '/v1/events': { recordId, name: 'order.shipped', data: { order: 1, lines: ['a'] } },
    '/v1/entries': { mapId, recordId },
    '/v1/purchases': { recordId, items: [{ productId, quantity: 1, price: 1 }] },
    '/v1/tasks': { recordId, subject: 'Call back', message: '', dueAt: '2026-12-01T17:00:00Z' },
    '/v1/tasks/:taskId/complete': { outcome: 'Reached' },
    '/v1/records/:recordId/merge': { otherId },
    '/v1/forms/:formId/payments': { recordId, outcome: 'failure', data: { reference: 'PAY-7' } },
    '/v1/webhooks/:webhookId/test': { recordId },
    '/v1/subscriptions/:subscriptionId/test': { recordId },
  };
  return bodies[path];
};

const pathOf = ({ path }: Route): string =>
  path.replace(/:(\w+)/g, (_, name: string) => {
    const id = ids[name];
    if (id === undefined) throw new Error(`${path}: no id for ${name}`);
    return id;
  });

/** Any JSON, odd keys included; and the example of the route with one part replaced by any JSON. */
function bodiesOf(example: unknown): fc.Arbitrary<unknown> {
  const oddKey = fc.constantFrom('__proto__', '$where', 'constructor', 'a.b', '', 'toString', '\0', 'id');
  const any = fc.anything({
    key: fc.oneof(fc.string(), oddKey),
    values: [
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom(...Object.values(ids ?? {}), 'tag:x', '[First Name', '%', 'a\0b', '\ud800', 1e308, -0, 2 ** 53),
    ],
    maxDepth: 4,
  });
  if (typeof example !== 'object' || example === null) return any;
  const mutated = fc.tuple(fc.nat(), any).map(([at, value]) => {
    const places: [object, string][] = [];
    const copy = structuredClone(example);
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const key of Object.keys(node)) {
        places.push([node, key]);
        visit((node as Record<string, unknown>)[key]);
      }
    };
    visit(copy);
    const [node, key] = places[at % places.length] ?? [copy, 'x'];
    (node as Record<string, unknown>)[key] = value;
    return copy as unknown;
  });
  return fc.oneof({ weight: 1, arbitrary: any }, { weight: 5, arbitrary: mutated });
}

/** A test of what is held is refused; otherwise it would wait for a worker. */
async function holdWebhooks(): Promise<void> {
  for (const id of [ids.webhookId, subscribedId]) await api.ada.call('POST', `/v1/webhooks/${id}/pause`);
}

const countOf = ({ body }: Route): number => (body ? BODIES : BODIES_UNREAD);

test.each(writes.map((route) => [route.method.toUpperCase(), route.path, countOf(route), route] as const))(
  '%s %s answers %i random bodies without a failure of its own, and refuses without a trace',
  async (method, path, numRuns, route) => {
    if (path.endsWith('/test')) await holdWebhooks();
    const to = pathOf(route);
    const bodies = fc.sample(bodiesOf(route.example ?? baseOf(path)), { numRuns, seed: 42 });
    const send = (raw: string): Promise<ApiAnswer> => api.ada.call(method, to, undefined, { raw });
    const answers: [raw: string, answer: ApiAnswer][] = [];
    const sendRest = async (): Promise<void> => {
      while (bodies.length > 0) {
        const raw = JSON.stringify(bodies.pop()) ?? 'null';
        answers.push([raw, await send(raw)]);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sendRest));
    expect(answers).toHaveLength(numRuns);
    // What has not started yet cannot be ended, and says so.
    const isStarting = ({ body }: ApiAnswer) => path.endsWith('/exit') && body?.code === 'engine.unavailable';
    const isOwn = (answer: ApiAnswer) => answer.status >= 500 && !isStarting(answer);
    const failures = answers.filter(([, answer]) => isOwn(answer)).map(([raw, { text }]) => [raw.slice(0, 500), text]);
    expect(failures).toEqual([]);
    await expectNothingLeft(api.system.db, sampleRefusals(answers, refusalOf), send);
  },
  120_000,
);

/** What a refusal is about, without what was given. */
const refusalOf = ([, { status, body }]: readonly [string, ApiAnswer]): string =>
  `${status} ${body?.code} ${body?.problems?.map(({ path }: { path: string }) => path.replace(/\.\d+/g, '')).join()}`;
