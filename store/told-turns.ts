import type { StoredDelivery } from '../schemas/delivery';
import type { WebhookId } from '../schemas/ids';
import type { Database } from './database';
import { DELIVERIES } from './deliveries';
import { gapMs, PACES, type Pace } from './paces';
import { PROBE_MS } from './reserve-slot';
import { FAR_MS } from './turns';
import { WAITING } from './waiting-deliveries';

/** A delivery that waits to be told of its turn. */
type Untold = Pick<StoredDelivery, '_id' | 'workflowId' | 'status' | 'isNewTurn' | 'sleeps'> & { turnAt: Date };
/** `isOwn`: it is the turn that was taken in the beginning, by which Temporal's queue paces it */
export type Told = Untold & { isOwn: boolean };
/** How long before a slot somebody is told, milliseconds: to queue before it, or to come back for it. */
export interface Ahead {
  ownMs: number;
  comebackMs: number;
}
/** A webhook's pace, as of the database's `now`. */
export type Tellable = Pace & { tellAt: Date; now: Date };

const AGAIN_MS = 10_000;
const STEADY_MS = 8000;
const UNREACHED_MS = 60_000;

/** Webhooks that let something through and of which somebody is to be told now; who waits longest comes first. */
export const findTellable = async (db: Database, { ownMs }: Ahead): Promise<Tellable[]> =>
  (await db
    .model(PACES)
    .collection.aggregate([
      { $match: { tellAt: { $exists: true }, isHeld: { $ne: true } } },
      {
        $match: {
          $expr: {
            $and: [{ $lte: ['$tellAt', { $add: ['$$NOW', ownMs] }] }, { $not: { $gt: ['$openUntil', '$$NOW'] } }],
          },
        },
      },
      { $sort: { tellAt: 1 } },
      { $set: { now: '$$NOW' } },
    ])
    .toArray()) as unknown as Tellable[];

/**
 * Takes those of a webhook whose turn has come near, and promises a slot to those of them who are late or come back;
 * while it is not known whether the receiver is back, takes only one. The others are looked for again in time.
 *
 * @returns those to tell, in the order of their turns
 */
export async function takeTellable(db: Database, pace: Tellable, ahead: Ahead): Promise<Told[]> {
  const most = mostAtOnce(pace);
  const waiting = await findUntold(db, pace._id, most + 1);
  const { count, bounceAt } = chooseTold(pace, waiting.slice(0, most), ahead);
  const left = waiting[count];
  const tellAt = planNextLook(pace, { isTelling: count > 0, left });
  const turnAt = await findTurnBehind(db, pace, left);
  // Whoever came to wait meanwhile has asked for a look, which stands.
  const asks = { $ifNull: ['$asks', 0] };
  const isUnasked = { $and: [{ $eq: ['$tellAt', pace.tellAt] }, { $eq: [asks, pace.asks ?? 0] }] };
  const set = {
    tellAt: { $cond: [isUnasked, tellAt, '$tellAt'] },
    bounceAt: { $max: ['$bounceAt', bounceAt] },
    turnAt: { $max: ['$turnAt', turnAt] },
    ...(count > 0 ? { toldAt: pace.now } : {}),
  };
  await db.model(PACES).updateOne({ _id: pace._id }, [{ $set: set }], { updatePipeline: true });
  return waiting.slice(0, count);
}

/** They wake now, and wait to be told again only when they say so; who has gone to sleep again meanwhile has said so. */
export const forgetTold = (db: Database, told: readonly Told[]): Promise<void> =>
  updateSleeping(db, told, { $unset: { turnAt: '' } });

/** There is nobody to tell, or not yet: they are tried again later, and hold up nobody until then. */
export const tryLater = (db: Database, unreached: readonly Told[], now: Date): Promise<void> =>
  updateSleeping(db, unreached, { $set: { turnAt: new Date(now.getTime() + UNREACHED_MS) } });

async function updateSleeping(db: Database, rows: readonly Told[], update: object): Promise<void> {
  if (rows.length === 0) return;
  const writes = rows.map(({ _id, turnAt, sleeps = null }) => ({
    updateOne: { filter: { _id, turnAt, sleeps } as object, update },
  }));
  await db.model(DELIVERIES).bulkWrite(writes, { ordered: false });
}

const isUntold = (webhookId: WebhookId): object => ({
  webhookId,
  turnAt: { $exists: true },
  status: { $in: WAITING },
});

const findUntold = async (db: Database, webhookId: WebhookId, limit: number): Promise<Told[]> => {
  const waiting = await db
    .model(DELIVERIES)
    .find(isUntold(webhookId), { turnAt: 1, workflowId: 1, status: 1, isNewTurn: 1, sleeps: 1 })
    .sort({ turnAt: 1, _id: 1 })
    .limit(limit)
    .lean<Untold[]>();
  return waiting.map((row) => ({ ...row, isOwn: row.status === 'queued' && !row.isNewTurn }));
};

/** Twice what leaves in the time since somebody was told last: telling does not lag behind, and a queue that begins wakes no crowd. */
function mostAtOnce({ limit, now, toldAt }: Tellable): number {
  const sinceMs = toldAt ? now.getTime() - toldAt.getTime() : 0;
  const seconds = sinceMs < STEADY_MS ? Math.max(1, sinceMs / 1000) : 1;
  return Math.ceil((limit / 30) * seconds);
}

/**
 * How many of those who wait are told, and when the next slot can be promised then. Turns are one gap apart, so who has its
 * own and is in time needs no promise besides; one that is not kept is a hole.
 *
 * @param waiting in the order of their turns
 */
function chooseTold(pace: Tellable, waiting: readonly Told[], ahead: Ahead): { count: number; bounceAt: Date | null } {
  const { now, nextAt, bounceAt } = pace;
  let slotMs = Math.max(now.getTime(), nextAt.getTime(), bounceAt.getTime());
  let count = 0;
  let promised = 0;
  for (const { turnAt, isOwn } of waiting) {
    const reachMs = now.getTime() + (isOwn ? ahead.ownMs : ahead.comebackMs);
    if (turnAt.getTime() > reachMs) break;
    if (isProbing(pace)) return { count: 1, bounceAt: null };
    if (!isOwn || turnAt <= now) {
      if (slotMs > reachMs) break;
      slotMs += gapMs(pace.limit);
      promised++;
    }
    count++;
  }
  return { count, bounceAt: promised > 0 ? new Date(slotMs) : null };
}

const isProbing = ({ openings }: Tellable): boolean => (openings ?? 0) > 0;

/** When to look again: an instant, or an expression of the database that gives one or removes it. */
function planNextLook(pace: Tellable, { isTelling, left }: { isTelling: boolean; left: Untold | undefined }): unknown {
  const inMs = (ms: number): Date => new Date(pace.now.getTime() + ms);
  if (isTelling && isProbing(pace)) return inMs(PROBE_MS);
  const next = left && new Date(Math.max(left.turnAt.getTime(), pace.now.getTime()));
  // Whoever tells may die before it has told all: they are found again then.
  if (isTelling) return next && next < inMs(AGAIN_MS) ? next : inMs(AGAIN_MS);
  // Somebody may have taken a far turn, and not said yet that it waits to be told.
  return next ?? { $cond: [{ $gt: ['$turnAt', '$$NOW'] }, inMs(FAR_MS), '$$REMOVE'] };
}

/** The turn behind all who wait, where those who come now would get an earlier one; null elsewhere. */
async function findTurnBehind(db: Database, pace: Tellable, left: Untold | undefined): Promise<Date | null> {
  const nowMs = pace.now.getTime();
  if (!left || left.turnAt > pace.now || pace.turnAt.getTime() > nowMs + FAR_MS) return null;
  const count = await db.model(DELIVERIES).countDocuments(isUntold(pace._id));
  return new Date(nowMs + count * gapMs(pace.limit));
}
