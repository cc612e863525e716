import type { AccountId, WebhookId } from '../schemas/ids';
import { collection, type Database, Mixed, type Session } from './database';

/**
 * When one webhook may send: the one place that decides its rate, by the database's clock.
 * `turnAt`: the next turn to give to a workflow; `nextAt`: the next slot to give to a request; `bounceAt`: the next
 * slot promised to a request that was told to come back. Source: docs/rate.md.
 */
interface Pace {
  _id: WebhookId;
  accountId: AccountId;
  limit: number;
  turnAt: Date;
  nextAt: Date;
  bounceAt: Date;
  last: { token: string; at: Date } | null;
}

export const PACES = collection<Pace>({
  name: 'paces',
  shape: { _id: String, accountId: String, limit: Number, turnAt: Date, nextAt: Date, bounceAt: Date, last: Mixed },
  indexes: [],
});

const EPOCH = new Date(0);

/** Milliseconds between two requests: 1 % more than a minute's share, which absorbs the jitter of the way to the receiver. */
export const gapMs = (limit: number): number => Math.ceil(60_600 / limit);
const GAP = { $ceil: { $divide: [60_600, '$limit'] } };

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

/** Sets another limit: turns and promises are given anew behind the slots that are reserved already. */
export async function setPaceLimit(
  db: Database,
  session: Session,
  edit: { webhookId: WebhookId; limit: number },
): Promise<void> {
  const from = { $max: ['$$NOW', '$nextAt'] };
  await db
    .model(PACES)
    .updateOne({ _id: edit.webhookId }, [{ $set: { limit: edit.limit, turnAt: from, bounceAt: from } }], {
      session,
      updatePipeline: true,
    });
}

/**
 * Takes the next turn of a webhook. A turn is an expectation, not a permission: it spreads the workflows over time so
 * that Temporal's queue stays short. Taken twice it leaves a hole of one gap.
 *
 * @returns milliseconds from now until the turn, >= 0; 0 for a webhook without a pace (deleted)
 */
export async function takeTurn(db: Database, webhookId: WebhookId): Promise<number> {
  const turn = { $add: [{ $max: ['$$NOW', '$turnAt'] }, GAP] };
  const pace = await update(db, webhookId, [{ $set: { turnAt: turn } }]);
  return pace ? Math.max(0, pace.turnAt.getTime() - gapMs(pace.limit) - pace.now.getTime()) : 0;
}

/** A slot: send after `waitMs`; or come back after `waitMs` and ask again. */
export type Slot = { isGranted: boolean; waitMs: number };

/**
 * Reserves the next slot of a webhook when it lies within `withinMs`; the last gate before a request.
 *
 * @param ask.token names this try, so that the answer can tell whether it won
 * @returns granted with the wait until the slot, or refused with the wait until a promised one
 */
export async function reserveSlot(
  db: Database,
  ask: { webhookId: WebhookId; token: string; withinMs: number },
): Promise<Slot> {
  const pace = await update(db, ask.webhookId, [
    { $set: { at: { $max: ['$$NOW', '$nextAt'] } } },
    { $set: { ok: { $lte: ['$at', { $add: ['$$NOW', ask.withinMs] }] } } },
    {
      $set: {
        last: { $cond: ['$ok', { token: ask.token, at: '$at' }, '$last'] },
        nextAt: { $cond: ['$ok', { $add: ['$at', GAP] }, '$nextAt'] },
        bounceAt: { $cond: ['$ok', '$bounceAt', { $add: [{ $max: ['$nextAt', '$bounceAt'] }, GAP] }] },
      },
    },
    { $unset: ['at', 'ok'] },
  ]);
  if (!pace) return { isGranted: true, waitMs: 0 };
  if (pace.last?.token === ask.token)
    return { isGranted: true, waitMs: Math.max(0, pace.last.at.getTime() - pace.now.getTime()) };
  return { isGranted: false, waitMs: Math.max(0, pace.bounceAt.getTime() - gapMs(pace.limit) - pace.now.getTime()) };
}

/** Lets nothing leave for a webhook until `delayMs` from now, as its receiver asked. */
export async function holdBack(db: Database, webhookId: WebhookId, delayMs: number): Promise<void> {
  await update(db, webhookId, [{ $set: { nextAt: { $max: ['$nextAt', { $add: ['$$NOW', delayMs] }] } } }]);
}

/** One atomic update with a majority write; `now` is the database's clock. */
async function update(db: Database, webhookId: WebhookId, stages: object[]): Promise<(Pace & { now: Date }) | null> {
  const projection = { limit: 1, turnAt: 1, nextAt: 1, bounceAt: 1, last: 1, now: '$$NOW' };
  return (await db.model(PACES).collection.findOneAndUpdate({ _id: webhookId } as object, stages, {
    returnDocument: 'after',
    projection,
  })) as unknown as (Pace & { now: Date }) | null;
}
