import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { idAt, newId } from '../lib/ids';
import type { StoredDelivery } from '../schemas/delivery';
import type { DeliveryFilter } from '../schemas/delivery-filter';
import type { MapSource } from '../schemas/delivery-source';
import type { AccountId, DeliveryId } from '../schemas/ids';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { loggedAttempt, mapSource, storedDelivery } from '../tests/servers/stored';
import { DELIVERIES } from './deliveries';
import { saveProgress } from './delivery-attempts';
import { listDeliveries } from './list-deliveries';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const insert = async (accountId: AccountId, rows: Partial<StoredDelivery>[]): Promise<StoredDelivery[]> => {
  const stored = rows.map((row) => ({ ...storedDelivery(row), accountId }));
  await database.db.model(DELIVERIES).insertMany(stored);
  return stored;
};
/** All pages of a filter, joined. */
async function listAll(accountId: AccountId, filter: DeliveryFilter, limit = 7, budgetMs?: number) {
  const ids: DeliveryId[] = [];
  let pages = 0;
  for (let cursor: string | undefined; ; pages++) {
    const page = await listDeliveries(database.db, accountId, filter, {
      limit,
      cursor,
      ...(budgetMs === undefined ? {} : { budgetMs }),
    });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    ids.push(...page.items.map(({ _id }) => _id));
    if (page.nextCursor === null) return { ids, pages: pages + 1 };
    cursor = page.nextCursor;
  }
}
const newestFirst = (rows: StoredDelivery[]) => rows.map(({ _id }) => _id).sort((a, b) => (a < b ? 1 : -1));

/** Rows that differ in every field a filter asks for. */
function variety(): Partial<StoredDelivery>[] {
  const source = mapSource();
  const ends = [
    ['delivered', 'success', 200],
    ['failed', 'config', 404],
    ['failed', 'transient', 503],
    ['waiting-retry', 'transient', 500],
    ['cancelled', 'timeout', null],
    ['queued', null, null],
  ] as const;
  const mapIds = [newId('map'), newId('map')];
  const shared = { webhookId: newId('webhook'), recordId: newId('record') };
  return Array.from({ length: 60 }, (_, n) => {
    const [status, outcome, responseStatus] = ends[n % ends.length] ?? ends[0];
    return {
      ...(n % 2 === 0 ? { webhookId: shared.webhookId } : {}),
      ...(n % 3 === 0 ? { recordId: shared.recordId } : {}),
      source: {
        ...source,
        mapId: mapIds[n % 2] ?? source.mapId,
        entryId: n % 5 === 0 ? source.entryId : newId('entry'),
        positionId: newId('position'),
      },
      status,
      class: outcome,
      responseStatus,
      host: n % 4 === 0 ? 'one.example' : 'two.example',
      attempts: Array.from({ length: n % 11 }, (_line, index) =>
        loggedAttempt(0, index + 1, n % 7 === 0 ? { error: `Odd (thing) no. ${n}` } : {}),
      ),
    };
  });
}

test('every filter, and any two of them, list exactly the rows that match, over all pages', async () => {
  const accountId = newId('account');
  const rows = await insert(accountId, variety());
  await insert(newId('account'), variety());
  const [first] = rows as [StoredDelivery];
  const { entryId, mapId } = first.source as MapSource;
  const filters: [DeliveryFilter, (row: StoredDelivery) => boolean][] = [
    [{}, () => true],
    [{ status: ['failed'] }, ({ status }) => status === 'failed'],
    [{ status: ['failed', 'queued'] }, ({ status }) => status === 'failed' || status === 'queued'],
    [{ class: ['transient', 'timeout'] }, (row) => row.class === 'transient' || row.class === 'timeout'],
    [{ responseStatus: [{ from: 404, to: 404 }] }, (row) => row.responseStatus === 404],
    [{ responseStatus: [{ from: 200, to: 299 }] }, (row) => row.responseStatus === 200],
    [
      {
        responseStatus: [
          { from: 200, to: 200 },
          { from: 500, to: 599 },
        ],
      },
      (row) => row.responseStatus === 200 || (row.responseStatus ?? 0) >= 500,
    ],
    [{ type: ['map'] }, () => true],
    [{ webhookId: first.webhookId }, (row) => row.webhookId === first.webhookId],
    [{ recordId: first.recordId }, (row) => row.recordId === first.recordId],
    [{ entryId }, ({ source }) => source.type === 'map' && source.entryId === entryId],
    [{ mapId }, ({ source }) => source.type === 'map' && source.mapId === mapId],
    [{ host: 'one.example' }, (row) => row.host === 'one.example'],
    [{ minAttempts: 4 }, (row) => row.attempts.length >= 4],
    [{ text: 'odd (THING) no.' }, (row) => row.attempts.some(({ error }) => error?.startsWith('Odd'))],
  ];
  for (const [one, matchesOne] of filters) {
    for (const [other, matchesOther] of filters) {
      const filter = { ...one, ...other };
      const isSame = Object.keys(one).some((key) => key in other);
      const expected = rows.filter((row) => (isSame || matchesOne(row)) && matchesOther(row));
      expect([filter, (await listAll(accountId, filter)).ids]).toEqual([filter, newestFirst(expected)]);
    }
  }
});

test('the deliveries of a rule, of a form and of a subscription are found by its id', async () => {
  const accountId = newId('account');
  const [ruleId, formId, subscriptionId] = [newId('rule'), newId('form'), newId('subscription')];
  const rule = () => ({ type: 'rule' as const, ruleId, name: 'Welcome', eventId: newId('event'), action: 0 });
  const [ofRule, ofForm, ofOther, ofSubscription, ofTest] = await insert(accountId, [
    { source: rule() },
    { source: { ...rule(), type: 'form', formId } },
    { source: { ...rule(), type: 'form', formId, ruleId: newId('rule') } },
    { source: { type: 'subscription', subscriptionId, name: 'tag_add(*)', eventId: newId('event') } },
    { source: { type: 'test', subscriptionId, name: 'tag_add(*)' } },
    {},
  ]);
  const found = async (filter: DeliveryFilter) => (await listAll(accountId, filter)).ids.sort();
  const idsOf = (...rows: (StoredDelivery | undefined)[]) => rows.map((row) => row?._id).sort();
  expect(await found({ ruleId })).toEqual(idsOf(ofRule, ofForm));
  expect(await found({ formId })).toEqual(idsOf(ofForm, ofOther));
  expect(await found({ ruleId, formId })).toEqual(idsOf(ofForm));
  expect(await found({ subscriptionId })).toEqual(idsOf(ofSubscription, ofTest));
  expect(await found({ subscriptionId, type: ['test'] })).toEqual(idsOf(ofTest));
});

test('a time range takes the first instant in and leaves the last one out', async () => {
  const accountId = newId('account');
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
  const rows = await insert(
    accountId,
    [1, 2, 3, 4].map((second) => ({ _id: idAt('delivery', at(second)) })),
  );
  const list = async (filter: DeliveryFilter) => (await listAll(accountId, filter, 1)).ids;
  expect(await list({ from: at(2), to: at(4) })).toEqual([rows[2]?._id, rows[1]?._id]);
  expect(await list({ from: at(4) })).toEqual([rows[3]?._id]);
  expect(await list({ to: at(2), text: 'example.com' })).toEqual([]);
});

test.each([
  ['the URL', 'EXAMPLE.com/$HOOK'],
  ['the request body', '{"$set":1}'],
  ['the response body', '$BODY'],
  ['the error', 'took (too) long.*'],
])('a text is looked for in %s, literally and in any case', async (_, text) => {
  const accountId = newId('account');
  const attempts = [loggedAttempt(0, 1), loggedAttempt(0, 2, { error: 'Took (too) long.*' })];
  const [row] = await insert(accountId, [
    { attempts },
    { attempts: [loggedAttempt(0, 1, { request: null, response: null })] },
  ]);
  expect((await listAll(accountId, { text })).ids).toEqual([row?._id]);
  expect((await listAll(accountId, { text: `${text}.` })).ids).toEqual([]);
});

test('a page whose time is used up is handed over with a cursor, and no row is missed or told twice', async () => {
  const accountId = newId('account');
  const rare = { attempts: [loggedAttempt(0, 1, { error: 'needle' })] };
  const rows = await insert(
    accountId,
    Array.from({ length: 3000 }, (_, n) => (n % 700 === 0 ? rare : {})),
  );
  const { ids, pages } = await listAll(accountId, { text: 'needle' }, 7, 0);
  expect(ids).toEqual(newestFirst(rows.filter(({ attempts }) => attempts.length > 0)));
  expect(pages).toBeGreaterThan(2);
});

test('a row knows the host of its latest request', async () => {
  const accountId = newId('account');
  const [row] = (await insert(accountId, [{ host: 'first.example' }])) as [StoredDelivery];
  const request = { method: 'POST', url: 'https://Second.Example:8443/x', headers: {}, body: '' };
  const progress = {
    by: { workflowId: row.workflowId },
    status: 'waiting-retry',
    class: 'transient',
    responseStatus: 500,
    waitingFor: null,
  } as const;
  const save = (attempts: StoredDelivery['attempts']) =>
    saveProgress(database.db, { ...progress, deliveryId: row._id, attempts, nextAttemptAt: null, finishedAt: null });
  await save([loggedAttempt(0, 1, { request: null })]);
  expect((await listAll(accountId, { host: 'first.example' })).ids).toEqual([row._id]);
  await save([loggedAttempt(0, 2, { request }), loggedAttempt(0, 3, { request: null })]);
  expect((await listAll(accountId, { host: 'second.example' })).ids).toEqual([row._id]);
});
