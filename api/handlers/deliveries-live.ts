import { isDatabaseFault } from '../../lib/errors';
import { deliveryRowSchema } from '../../schemas/delivery-answer';
import { liveQuery } from '../../schemas/delivery-filter';
import { type WatchedDelivery, watchDeliveries } from '../../store/watch-deliveries';
import type { Engine } from '../../workers/temporal-client';
import { invalid } from '../problem';
import { streamRoute } from '../route';
import { showRow } from './delivery-answer';

const HEARTBEAT_MS = 15_000;
const RETRY_MS = 2000;

/** One server-sent event; without a row it says only how far the stream came, which clients remember. */
const eventOf = (engine: Engine, { row, token }: WatchedDelivery): string =>
  row
    ? `id: ${token}\nevent: delivery\ndata: ${JSON.stringify(showRow(engine, row))}\n\n`
    : `: nothing new\nid: ${token}\nretry: ${RETRY_MS}\n\n`;

/** The webhook log as it happens. */
export const deliveryLiveRoutes = [
  streamRoute({
    scope: 'key',
    tag: 'Webhook log',
    path: '/v1/deliveries/live',
    summary: 'Follow deliveries as they change (server-sent events)',
    description: `One event "delivery" for each change of a row, with the row as it is then; its id, sent as Last-Event-ID,
goes on after it without a gap. The same state may come twice. At least every 15 seconds there is a comment. An account
may have 10 open at once on one process.`,
    query: liveQuery,
    contentTypes: { 'text/event-stream': deliveryRowSchema.meta({ description: '"data" of each event' }) },
    isEndless: true,
    open: async ({ db, engine, livePlaces }, { account, query }, { signal, lastEventId: after }) => {
      if (after !== undefined && !/^[0-9a-f]{20,2000}$/i.test(after)) throw refused();
      const pieces = async function* () {
        const giveBack = livePlaces.take(account._id);
        try {
          for await (const watched of watchDeliveries(db, account._id, query, { after, idleMs: HEARTBEAT_MS, signal }))
            yield eventOf(engine, watched);
        } catch (error) {
          // A token that MongoDB does not take is a mistake of the request, or older than the oplog.
          throw after === undefined || isDatabaseFault(error) ? error : refused();
        } finally {
          giveBack();
        }
      };
      return { contentType: 'text/event-stream; charset=utf-8', pieces: pieces() };
    },
  }),
];

const refused = () =>
  invalid({
    path: 'Last-Event-ID',
    message: 'is no id of this stream, or too old; leave it out, and read GET /v1/deliveries for what came meanwhile',
  });
