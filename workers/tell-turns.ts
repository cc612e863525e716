import { EARLY_MS } from '../activities/wait-for-slot';
import { sentenceOf } from '../lib/errors';
import { newSecret } from '../lib/ids';
import type { Logger } from '../lib/logger';
import type { Database } from '../store/database';
import { claimLease, insertLeases, releaseLeases } from '../store/leases';
import { findTellable, forgetTold, type Tellable, takeTellable } from '../store/told-turns';
import { openSteering } from './live-state';
import type { Engine } from './temporal-client';

const TICK_MS = 1000;
const LEASE = 'tell-turns';
/** Short, since nobody is told between the death of one process and the next one's turn */
const LEASE_MS = 4000;
/** As early as others who come back for a promised slot, and a tick more */
const AHEAD_MS = EARLY_MS + TICK_MS;

/**
 * Tells deliveries that sleep of their turns, shortly before those come; of a webhook that is held, or whose circuit
 * breaker is open, it tells nobody. One process does it at a time; told twice, a delivery finds no slot and comes back.
 *
 * @source docs/rate.md
 */
export function tellTurns(parts: { db: Database; engine: Engine; logger: Logger }): { stop(): Promise<void> } {
  const { db, engine, logger } = parts;
  const steering = openSteering(engine);
  const owner = newSecret();
  let isKnown = false;
  const tellOf = async (pace: Tellable): Promise<void> => {
    const told = await takeTellable(db, pace, AHEAD_MS);
    await Promise.all(told.map(({ workflowId }) => steering.giveTurn(workflowId, 0)));
    await forgetTold(db, told);
  };
  const tell = async (): Promise<void> => {
    if (!isKnown) await insertLeases(db, [LEASE]);
    isKnown = true;
    if (!(await claimLease(db, { name: LEASE, owner, forMs: LEASE_MS }))) return;
    await Promise.all((await findTellable(db, AHEAD_MS)).map(tellOf));
  };
  let isTelling = false;
  let telling = Promise.resolve();
  const timer = setInterval(() => {
    if (isTelling) return;
    isTelling = true;
    telling = tell()
      .catch((error: unknown) => logger.warn({ error: sentenceOf(error) }, 'turns not told; trying again'))
      .finally(() => {
        isTelling = false;
      });
  }, TICK_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await telling;
      if (isKnown) await releaseLeases(db, owner, [LEASE]).catch(() => undefined);
    },
  };
}
