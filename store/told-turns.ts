import type { StoredDelivery } from '../schemas/delivery';
import type { WebhookId } from '../schemas/ids';
import type { Database } from './database';
import { DELIVERIES } from './deliveries';
import { gapMs, PACES, type Pace } from './paces';
import { PROBE_MS } from './reserve-slot';
import { FAR_MS } from './turns';
import { WAITING } from './waiting-deliveries';

/** A delivery that waits to be told of its turn. */
export type Untold = Pick<StoredDelivery, '_id' | 'workflowId'> & { turnAt: Date };
/** A webhook's pace, as of the database's `now`. */
export type Tellable = Pace & { tellAt: Date; now: Date };

const MOST_WEBHOOKS = 100;
/** Of one webhook at once: twice what leaves in a second, so that telling neither lags behind nor wakes a crowd. */
const mostAtOnce = (limit: number): number => Math.ceil(limit / 30);
const AGAIN_MS = 10_000;

/** Webhooks that let something through and of which somebody is to be told within `aheadMs`; who waits longest comes first. */
export const findTellable = async (db: Database, aheadMs: number): Promise<Tellable[]> =>
  (await db
    .model(PACES)
    .collection.aggregate([
      { $match: { tellAt: { $exists: true }, isHeld: { $ne: true } } },
      {
        $match: {
          $expr: {
            $and: [{ $lte: ['$tellAt', { $add: ['$$NOW', aheadMs] }] }, { $not: { $gt: ['$openUntil', '$$NOW'] } }],
          },
        },
      },
      { $sort: { tellAt: 1 } },
      { $limit: MOST_WEBHOOKS },
      { $set: { now: '$$NOW' } },
    ])
    .toArray()) as unknown as Tellable[];

/**
 * Takes those of a webhook whose turn comes within `aheadMs`, and promises each a slot in that time; while it is not
 * known whether the receiver is back, only one. The others are looked for again when the first of them has its turn.
 *
 * @returns those to tell, in the order of their turns; none when the pace changed meanwhile, which is then to be read anew
 */
export async function takeTellable(db: Database, pace: Tellable, aheadMs: number): Promise<Untold[]> {
  const waiting = await findUntold(db, pace);
  const count = countTellable(pace, waiting, aheadMs);
  const next = await planNextLook(db, pace, { count, left: waiting[count] });
  const unchanged = { _id: pace._id, tellAt: pace.tellAt, turnAt: pace.turnAt, bounceAt: pace.bounceAt };
  const { matchedCount } = await db.model(PACES).collection.updateOne(unchanged as object, next);
  return matchedCount > 0 ? waiting.slice(0, count) : [];
}

/** They wake now, and wait to be told again only when they say so. */
export async function forgetTold(db: Database, told: readonly Untold[]): Promise<void> {
  if (told.length === 0) return;
  const writes = told.map(({ _id, turnAt }) => ({
    updateOne: { filter: { _id, turnAt } as object, update: { $unset: { turnAt: '' } } as object },
  }));
  await db.model(DELIVERIES).bulkWrite(writes, { ordered: false });
}

const isUntold = (webhookId: WebhookId): object => ({
  webhookId,
  turnAt: { $exists: true },
  status: { $in: WAITING },
});

const findUntold = (db: Database, { _id: webhookId, limit }: Tellable): Promise<Untold[]> =>
  db
    .model(DELIVERIES)
    .find(isUntold(webhookId), { turnAt: 1, workflowId: 1 })
    .sort({ turnAt: 1, _id: 1 })
    .limit(mostAtOnce(limit) + 1)
    .lean<Untold[]>();

/** @param waiting in the order of their turns */
function countTellable(pace: Tellable, waiting: readonly Untold[], aheadMs: number): number {
  const reachMs = pace.now.getTime() + aheadMs;
  const due = waiting.filter(({ turnAt }) => turnAt.getTime() <= reachMs).length;
  if (isProbing(pace)) return Math.min(1, due);
  const slots = Math.floor((reachMs - firstSlotMs(pace)) / gapMs(pace.limit)) + 1;
  return Math.max(0, Math.min(due, slots, mostAtOnce(pace.limit)));
}

const isProbing = ({ openings }: Tellable): boolean => (openings ?? 0) > 0;
const firstSlotMs = ({ now, nextAt, bounceAt }: Tellable): number =>
  Math.max(now.getTime(), nextAt.getTime(), bounceAt.getTime());

/** The change of the pace: the slots promised, and when to look again; those who come now get turns behind those left. */
async function planNextLook(
  db: Database,
  pace: Tellable,
  { count, left }: { count: number; left: Untold | undefined },
): Promise<object> {
  const nowMs = pace.now.getTime();
  const gap = gapMs(pace.limit);
  if (isProbing(pace) && count > 0) return { $set: { tellAt: new Date(nowMs + PROBE_MS) } };
  const bounceAt = count > 0 ? new Date(firstSlotMs(pace) + count * gap) : pace.bounceAt;
  // Whoever tells may die before it has told all: they are found again then.
  if (count > 0 && !left) return { $set: { bounceAt, tellAt: new Date(nowMs + AGAIN_MS) } };
  // Somebody may have taken a far turn, and not said yet that it waits to be told.
  if (!left && pace.turnAt > pace.now) return { $set: { tellAt: new Date(nowMs + FAR_MS) } };
  if (!left) return { $unset: { tellAt: '' } };
  const isBehind = left.turnAt <= pace.now && pace.turnAt.getTime() < nowMs + FAR_MS;
  const overdue = isBehind ? await db.model(DELIVERIES).countDocuments(isUntold(pace._id)) : 0;
  const turnAt = new Date(Math.max(pace.turnAt.getTime(), nowMs + overdue * gap));
  const nextMs = Math.max(nowMs, left.turnAt.getTime());
  const tellAt = new Date(count > 0 ? Math.min(nextMs, nowMs + AGAIN_MS) : nextMs);
  return { $set: { bounceAt, turnAt, tellAt } };
}
