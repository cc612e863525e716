import { z } from 'zod';
import { eventListQuery, eventSchema, type Fact, newEvent, type StoredEvent } from '../../schemas/event';
import { type AccountId, idSchema } from '../../schemas/ids';
import { pageOf } from '../../schemas/page';
import type { Database } from '../../store/database';
import { getEvent, listEvents, retryEvent } from '../../store/events';
import { findNumbers } from '../../store/numbers';
import { appendRecordFacts } from '../../store/records';
import { invalid } from '../problem';
import { readRoute, writeRoute } from '../route';

const common = { scope: 'key', tag: 'Events' } as const;
const params = z.object({ eventId: idSchema('event') });
const DATA_BYTES_MAX = 16_384;

const showEvent = (event: StoredEvent): z.input<typeof eventSchema> => ({
  id: event._id,
  recordId: event.recordId,
  objectTypeId: event.objectTypeId,
  fact: event.fact,
  hops: event.hops,
  cause: event.cause ?? null,
  at: event.at.toISOString(),
  status: event.status,
  tries: event.tries,
  error: event.error,
});

/** A message of ours is known by its decimal id, whichever of its ids is told; other systems' ids stand as they are. */
async function nameByNumber(db: Database, accountId: AccountId, fact: Fact): Promise<Fact> {
  if (fact.type !== 'email.opened' && fact.type !== 'email.clicked') return fact;
  const numbers = await findNumbers(db, 'messages', { accountId, ids: [fact.messageId] });
  return { ...fact, messageId: String(numbers.get(fact.messageId) ?? fact.messageId) };
}

/** What happened, and whether it was handled. */
export const eventRoutes = [
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/events',
    summary: 'List events',
    description: 'Handled events are kept for 30 days.',
    query: eventListQuery,
    response: pageOf(eventSchema),
    handler: async ({ db }, { account, query }) => {
      const { recordId, status, ...page } = query;
      const { items, nextCursor } = await listEvents(db, { accountId: account._id, recordId, status }, page);
      return { items: items.map(showEvent), nextCursor };
    },
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/events',
    summary: 'Tell that something happened to a record',
    description: `Without a type it is an event of your own, by name. An e-mail was opened or clicked and an SMS received are
for the systems that send and receive them: triggers, rules and subscriptions listen for all of these.`,
    body: newEvent,
    status: 201,
    response: eventSchema,
    writesEvents: true,
    handler: async ({ db }, { account, body }, session) => {
      const { recordId, ...told } = body;
      const fact = await nameByNumber(db, account._id, 'name' in told ? { ...told, type: 'custom' } : told);
      if (fact.type === 'custom' && Buffer.byteLength(JSON.stringify(fact.data)) > DATA_BYTES_MAX)
        throw invalid({ path: 'data', message: 'must be at most 16 KiB as JSON' });
      const about = { accountId: account._id, recordId, facts: [fact], hops: 0 };
      const [event] = await appendRecordFacts(db, session, about);
      return showEvent(event as StoredEvent);
    },
  }),
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/events/:eventId',
    summary: 'Get an event',
    params,
    response: eventSchema,
    handler: async ({ db }, { account, params }) =>
      showEvent(await getEvent(db, { accountId: account._id, ...params })),
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/events/:eventId/retry',
    summary: 'Handle a parked event again',
    params,
    response: eventSchema,
    writesEvents: true,
    handler: async ({ db }, { account, params }, session) =>
      showEvent(await retryEvent(db, session, { accountId: account._id, ...params })),
  }),
];
