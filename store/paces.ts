import type { AccountId, WebhookId } from '../schemas/ids';
import { collection, type Database, Mixed, type Session } from './database';

/** Attempts of a webhook in one stretch of 10 s; those of the last 5 minutes are kept. */
export interface PaceCount {
  at: Date;
  sent: number;
  succeeded: number;
  failed: number;
}

/**
 * When one webhook may send: the one place that decides its rate, by the database's clock.
 * `turnAt`: the next turn to give to a workflow; `nextAt`: the next slot to give to a request; `bounceAt`: the next
 * slot promised to a request that was told to come back. Source: docs/rate.md.
 */
export interface Pace {
  _id: WebhookId;
  accountId: AccountId;
  limit: number;
  turnAt: Date;
  nextAt: Date;
  bounceAt: Date;
  last: { token: string; at: Date } | null;
  /** How often the slots that were reserved then were taken back */
  takenBack?: number;
  /** The receiver asked that nothing leaves before this */
  askedUntil?: Date;
  /** Nothing leaves: the webhook is paused or disabled */
  isHeld?: boolean;
  /** The circuit breaker lets nobody through before this; then one request is tried */
  openUntil?: Date | null;
  /** How often in a row the breaker has opened; 0 while it is closed */
  openings?: number;
  /** Slot of the request that tries whether the receiver is back */
  probe?: string | null;
  /** Slot of the attempt whose failure opened it last */
  openedBy?: string;
  /** When somebody has to be told of a turn next; unset while nobody waits to be told */
  tellAt?: Date;
  /** How often `tellAt` was asked for, so that one who looks meanwhile does not unset it */
  asks?: number;
  /** When somebody was told last */
  toldAt?: Date;
  counts?: PaceCount[];
  /** Failed attempts since the last success */
  failing?: { count: number; since: Date; notices: number } | null;
}

export const PACES = collection<Pace>({
  name: 'paces',
  shape: {
    _id: String,
    accountId: String,
    limit: Number,
    turnAt: Date,
    nextAt: Date,
    bounceAt: Date,
    last: Mixed,
    takenBack: Number,
    askedUntil: Date,
    isHeld: Boolean,
    openUntil: Date,
    openings: Number,
    probe: String,
    openedBy: String,
    tellAt: Date,
    asks: Number,
    toldAt: Date,
    counts: Mixed,
    failing: Mixed,
  },
  indexes: [[{ tellAt: 1 }, { sparse: true }]],
});

const EPOCH = new Date(0);
/** Milliseconds between two requests: 1 % more than a minute's share, which absorbs the jitter of the way to the receiver. */
export const gapMs = (limit: number): number => Math.ceil(60_600 / limit);
/** The same, as the database computes it. */
export const GAP = { $ceil: { $divide: [60_600, '$limit'] } };

export async function insertPace(
  db: Database,
  session: Session,
  pace: { webhookId: WebhookId; accountId: AccountId; limit: number },
): Promise<void> {
  const stored: Pace = {
    _id: pace.webhookId,
    accountId: pace.accountId,
    limit: pace.limit,
    turnAt: EPOCH,
    nextAt: EPOCH,
    bounceAt: EPOCH,
    last: null,
  };
  await db.model(PACES).create([stored], { session });
}

/** Nobody is told of turns any more, and nothing is held: what is left ends by itself. */
export async function deletePace(db: Database, session: Session, webhookId: WebhookId): Promise<void> {
  await db.model(PACES).deleteOne({ _id: webhookId }, { session });
}

/** Turns and promises are given anew behind the slots that are reserved already. */
const ANEW = { turnAt: { $max: ['$$NOW', '$nextAt'] }, bounceAt: { $max: ['$$NOW', '$nextAt'] }, tellAt: '$$NOW' };

/** Whose slot comes so soon sends without asking whether it was taken back. */
export const SOON_MS = 250;
/** Slots that are reserved for later are lost to those who reserved them: the last one then comes soon at the most. */
export const TAKE_BACK = {
  last: {
    $cond: ['$last', { token: '$last.token', at: { $min: ['$last.at', { $add: ['$$NOW', SOON_MS] }] } }, null],
  },
  takenBack: { $add: [{ $ifNull: ['$takenBack', 0] }, 1] },
};
/** The next slot is one gap after the last, unless the receiver asked for a longer wait. */
export const NEXT = { nextAt: { $max: [{ $add: ['$last.at', GAP] }, '$askedUntil', EPOCH] } };

/** Sets another limit. It holds at once: a lower one takes back the slots that were reserved by the old one. */
export async function setPaceLimit(
  db: Database,
  session: Session,
  edit: { webhookId: WebhookId; limit: number },
): Promise<void> {
  const isLowered = { $gt: ['$limit', edit.limit] };
  const takeBack = {
    last: { $cond: [isLowered, TAKE_BACK.last, '$last'] },
    takenBack: { $cond: [isLowered, TAKE_BACK.takenBack, '$takenBack'] },
  };
  await editPace(db, session, edit.webhookId, takeBack, { limit: edit.limit }, NEXT, ANEW);
}

/** Holds all requests of a webhook back, or lets them go again: then nothing of what went wrong before counts. */
export const setPaceHeld = (
  db: Database,
  session: Session,
  edit: { webhookId: WebhookId; isHeld: boolean },
): Promise<void> =>
  edit.isHeld
    ? editPace(db, session, edit.webhookId, { isHeld: true, ...TAKE_BACK }, NEXT)
    : editPace(db, session, edit.webhookId, {
        isHeld: false,
        openUntil: null,
        openings: 0,
        counts: { $literal: [] },
        failing: null,
        ...ANEW,
      });

async function editPace(db: Database, session: Session, webhookId: WebhookId, ...sets: object[]): Promise<void> {
  await db.model(PACES).updateOne(
    { _id: webhookId },
    sets.map(($set) => ({ $set })),
    { session, updatePipeline: true },
  );
}

/** Why nothing may leave for a webhook now; null when something may, also for a webhook without a pace (deleted). */
export async function findShut(db: Database, webhookId: WebhookId): Promise<'held' | 'breaker' | null> {
  const isOpen = { $expr: { $gt: ['$openUntil', '$$NOW'] } };
  const shut = { _id: webhookId, $or: [{ isHeld: true }, isOpen] };
  const found = await db.model(PACES).findOne(shut, { isHeld: 1 }).lean<Pick<Pace, 'isHeld'>>();
  return found && (found.isHeld ? 'held' : 'breaker');
}

/** What is known of the paces of these webhooks; `now` is the database's clock. */
export const findPaces = async (db: Database, webhookIds: WebhookId[]): Promise<(Pace & { now: Date })[]> =>
  (await db
    .model(PACES)
    .collection.aggregate([{ $match: { _id: { $in: webhookIds } } }, { $set: { now: '$$NOW' } }])
    .toArray()) as unknown as (Pace & { now: Date })[];

/** One atomic update with a majority write; `now` is the database's clock. */
export async function updatePace(
  db: Database,
  webhookId: WebhookId,
  stages: object[],
): Promise<(Pace & { now: Date }) | null> {
  const projection = {
    limit: 1,
    turnAt: 1,
    nextAt: 1,
    bounceAt: 1,
    last: 1,
    takenBack: 1,
    isHeld: 1,
    openUntil: 1,
    openings: 1,
  } as const;
  return (await db.model(PACES).collection.findOneAndUpdate({ _id: webhookId } as object, stages, {
    returnDocument: 'after',
    projection: { ...projection, openedBy: 1, failing: 1, now: '$$NOW' },
  })) as unknown as (Pace & { now: Date }) | null;
}
