import type { DeliveryStatus, StoredDelivery } from '../schemas/delivery';
import { toStatusRanges } from '../schemas/delivery-filter';
import { SOURCE_TYPES } from '../schemas/delivery-source';
import type { AccountId, DeliveryId, WebhookId } from '../schemas/ids';
import type { ReplayFilter } from '../schemas/job';
import type { Database, Session } from './database';
import { DELIVERIES } from './deliveries';
import { conditionsOf, textConditionOf } from './delivery-filter';
import { countRows } from './find-rows';

/** Those of a webhook that wait for a turn or a slot, or are held: new turns are theirs. */
export const WAITING: readonly DeliveryStatus[] = ['queued', 'waiting-slot', 'held'];
/** All that have still to be sent. */
const OPEN: readonly DeliveryStatus[] = [...WAITING, 'waiting-retry', 'sending'];

type Bounds = { after: DeliveryId | null; upTo: DeliveryId; limit: number };
const boundsOf = ({ after, upTo }: Bounds) => ({ _id: { ...(after ? { $gt: after } : {}), $lte: upTo } });

/** A page of a webhook's deliveries that wait for a turn, a slot or its resume, oldest first. */
export const findWaiting = async (db: Database, webhookId: WebhookId, bounds: Bounds): Promise<StoredDelivery[]> =>
  db
    .model(DELIVERIES)
    .find({ webhookId, status: { $in: WAITING }, ...boundsOf(bounds) } as object, { attempts: 0 })
    .sort({ _id: 1 })
    .limit(bounds.limit)
    .lean<StoredDelivery[]>();

/** A page of all of a webhook's deliveries that are not over, oldest first. */
export const findOpen = async (db: Database, webhookId: WebhookId, bounds: Bounds): Promise<StoredDelivery[]> =>
  db
    .model(DELIVERIES)
    .find({ webhookId, status: { $in: OPEN }, ...boundsOf(bounds) } as object, { attempts: 0 })
    .sort({ _id: 1 })
    .limit(bounds.limit)
    .lean<StoredDelivery[]>();

export const countOpen = (db: Database, session: Session, webhookId: WebhookId): Promise<number> =>
  db
    .model(DELIVERIES)
    .countDocuments({ webhookId, status: { $in: OPEN } } as object)
    .session(session);

export const countWaiting = (db: Database, session: Session, webhookId: WebhookId): Promise<number> =>
  db
    .model(DELIVERIES)
    .countDocuments({ webhookId, status: { $in: WAITING } } as object)
    .session(session);

/** How many deliveries of a webhook have still to be sent, are held, or sleep until they are told, and since when the oldest waits. */
export async function describeQueue(
  db: Database,
  webhookId: WebhookId,
): Promise<{ length: number; held: number; asleep: number; oldestAt: Date | null }> {
  const model = db.model(DELIVERIES);
  const [length, held, asleep, oldest] = await Promise.all([
    model.countDocuments({ webhookId, status: { $in: OPEN } } as object),
    model.countDocuments({ webhookId, status: 'held' }),
    model.countDocuments({ webhookId, turnAt: { $exists: true } } as object),
    model
      .findOne({ webhookId, status: { $in: OPEN } } as object, { createdAt: 1 })
      .sort({ _id: 1 })
      .lean<StoredDelivery>(),
  ]);
  return { length, held, asleep, oldestAt: oldest?.createdAt ?? null };
}

/** A test is not meant for the receiver again. */
const REPLAYABLE = SOURCE_TYPES.filter((type) => type !== 'test');

const matching = (accountId: AccountId, filter: ReplayFilter) => ({
  accountId,
  ...conditionsOf({
    ...filter,
    status: filter.statuses,
    class: filter.class && [filter.class],
    responseStatus: filter.responseStatus === undefined ? undefined : toStatusRanges(filter.responseStatus),
    type: filter.type ? [filter.type] : REPLAYABLE,
  }),
  ...textConditionOf(filter.text),
  ...(filter.from || filter.to
    ? {
        createdAt: {
          ...(filter.from ? { $gte: new Date(filter.from) } : {}),
          ...(filter.to ? { $lt: new Date(filter.to) } : {}),
        },
      }
    : {}),
});

/** @throws AppError `query.too-slow` after 15 s */
export const countReplayable = (db: Database, accountId: AccountId, filter: ReplayFilter): Promise<number> =>
  countRows(db, DELIVERIES, matching(accountId, filter));

/** A page of ended deliveries that a filter names, oldest first. */
export const findReplayable = async (
  db: Database,
  of: { accountId: AccountId; filter: ReplayFilter },
  bounds: Bounds,
): Promise<Pick<StoredDelivery, '_id' | 'webhookId'>[]> =>
  db
    .model(DELIVERIES)
    .find({ ...matching(of.accountId, of.filter), ...boundsOf(bounds) } as object, { _id: 1, webhookId: 1 })
    .sort({ _id: 1 })
    .limit(bounds.limit)
    .lean<Pick<StoredDelivery, '_id' | 'webhookId'>[]>();
