import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openTestApi, type TestApi } from '../tests/servers/open-test-api';
import { ROUTES } from './routes';

const BODIES = 500;
const AT_ONCE = 10;

let api: TestApi;
let ids: Record<string, string>;
beforeAll(async () => {
  api = await openTestApi();
  const make = async (path: string, body: unknown) => (await api.ada.call('POST', path, body)).body.id as string;
  const recordId = await make('/v1/records', {});
  ids = {
    recordId,
    objectTypeId: '0',
    mapId: await make('/v1/maps', { name: 'x' }),
    eventId: await make('/v1/events', { recordId, name: 'x' }),
    entryId: 'ent_00000000000000000000000000',
    taskId: await make('/v1/tasks', { recordId, subject: 'x' }),
    productId: await make('/v1/records', { objectTypeId: 16, fields: { name: 'x', price: 1 } }),
  };
  const order = { name: 'x', fields: [{ fieldId: 'email' }], order: { productId: ids.productId } };
  ids = {
    ...ids,
    formId: await make('/v1/forms', { settings: order }),
  };
});
afterAll(() => api.close());

const posts = ROUTES.filter(({ method }) => method === 'post');

/** Bodies of routes whose examples cannot stand alone, since they name a record. */
const baseOf = (path: string): unknown => {
  const { recordId, mapId, productId } = ids;
  const bodies: Record<string, unknown> = {
    '/v1/events': { recordId, name: 'order.shipped', data: { order: 1, lines: ['a'] } },
    '/v1/entries': { mapId, recordId },
    '/v1/purchases': { recordId, items: [{ productId, quantity: 1, price: 1 }] },
    '/v1/tasks': { recordId, subject: 'Call back', message: '', dueAt: '2026-12-01T17:00:00Z' },
    '/v1/tasks/:taskId/complete': { outcome: 'Reached' },
    '/v1/records/:recordId/merge': { otherId: productId },
    '/v1/forms/:formId/payments': { recordId, outcome: 'failure', data: { reference: 'PAY-7' } },
  };
  return bodies[path];
};

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
  return fc.oneof({ weight: 1, arbitrary: any }, { weight: 3, arbitrary: mutated });
}

test.each(posts.map((route) => [route.path, route] as const))(
  `POST %s answers ${BODIES} random bodies without a failure of its own`,
  async (_, route) => {
    const path = route.path.replace(/:(\w+)/g, (_match, name: string) => ids[name] ?? '');
    const bodies = fc.sample(bodiesOf(route.example ?? baseOf(route.path)), { numRuns: BODIES, seed: 42 });
    const failures: unknown[] = [];
    const send = async (): Promise<void> => {
      for (let body = bodies.pop(); bodies.length > 0; body = bodies.pop()) {
        const raw = JSON.stringify(body) ?? 'null';
        const answer = await api.ada.call('POST', path, undefined, { raw });
        // An entry that is not started yet cannot be ended, and says so.
        if (answer.status >= 500) failures.push([raw.slice(0, 500), answer.text]);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, send));
    expect(failures).toEqual([]);
  },
  120_000,
);
