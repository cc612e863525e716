import { z } from 'zod';
import { eventListQuery, eventSchema, newCustomEvent, type StoredEvent } from '../../schemas/event';
import { idSchema } from '../../schemas/ids';
import { pageOf } from '../../schemas/page';
import { getEvent, listEvents, retryEvent } from '../../store/events';
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
    description: 'Maps with a "custom" trigger of this name start.',
    body: newCustomEvent,
    status: 201,
    response: eventSchema,
    writesEvents: true,
    handler: async ({ db }, { account, body }, session) => {
      const { recordId, name, data } = body;
      if (Buffer.byteLength(JSON.stringify(data)) > DATA_BYTES_MAX)
        throw invalid({ path: 'data', message: 'must be at most 16 KiB as JSON' });
      const facts = [{ type: 'custom' as const, name, data }];
      const [event] = await appendRecordFacts(db, session, { accountId: account._id, recordId, facts, hops: 0 });
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
