import { EARLY_MS } from '../activities/wait-for-slot';
import { sentenceOf } from '../lib/errors';
import { newSecret } from '../lib/ids';
import type { Logger } from '../lib/logger';
import type { WebhookId } from '../schemas/ids';
import type { Database } from '../store/database';
import { claimLease, insertLeases, releaseLeases } from '../store/leases';
import { findTellable, forgetTold, type Tellable, takeTellable, tryLater } from '../store/told-turns';
import { openSteering } from './live-state';
import type { Engine } from './temporal-client';

const TICK_MS = 1000;
const AT_ONCE = 100;
const LEASE = 'tell-turns';
/** Short, since nobody is told between the death of one process and the next one's turn */
const LEASE_MS = 4000;
/** As early as others: who wakes by itself queues 15 s before its turn (workflows/steering.ts); and a tick more */
const AHEAD = { ownMs: 15_000 + TICK_MS, comebackMs: EARLY_MS + TICK_MS };

/**
 * Tells deliveries that sleep of their turns, shortly before those come; of a webhook that is held, or whose circuit
 * breaker is open, it tells nobody. One process does it at a time; told twice, a delivery finds no slot and comes back.
 *
 * @source docs/rate.md
 */
export function tellTurns(parts: { db: Database; engine: Engine; logger: Logger }): { stop(): Promise<void> } {
  const { db, engine, logger } = parts;
  const steering = openSteering({ db, engine });
  const owner = newSecret();
  /** Webhooks at work, so that a slow one holds up no other */
  const telling = new Map<WebhookId, Promise<void>>();
  let isKnown = false;
  const warn = (error: unknown): void => logger.warn({ error: sentenceOf(error) }, 'turns not told; trying again');
  const tellOf = async (pace: Tellable): Promise<void> => {
    const told = await takeTellable(db, pace, AHEAD);
    const isReached = await Promise.all(told.map(({ workflowId, isOwn }) => steering.giveTurn(workflowId, 0, isOwn)));
    await forgetTold(
      db,
      told.filter((_, index) => isReached[index]),
    );
    await tryLater(
      db,
      told.filter((_, index) => !isReached[index]),
      pace.now,
    );
  };
  const look = async (): Promise<void> => {
    if (!isKnown) await insertLeases(db, [LEASE]);
    isKnown = true;
    if (!(await claimLease(db, { name: LEASE, owner, forMs: LEASE_MS }))) return;
    const free = (await findTellable(db, AHEAD)).filter(({ _id }) => !telling.has(_id));
    for (const pace of free.slice(0, Math.max(0, AT_ONCE - telling.size)))
      telling.set(
        pace._id,
        tellOf(pace)
          .catch(warn)
          .finally(() => telling.delete(pace._id)),
      );
  };
  let isLooking = false;
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    looking = look()
      .catch(warn)
      .finally(() => {
        isLooking = false;
      });
  }, TICK_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
      await Promise.all(telling.values());
      if (isKnown) await releaseLeases(db, owner, [LEASE]).catch(() => undefined);
    },
  };
}
