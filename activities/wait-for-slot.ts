import { monotonicMs, pause } from '../lib/clock';
import { newSecret } from '../lib/ids';
import type { WebhookId } from '../schemas/ids';
import type { Database } from '../store/database';
import { SOON_MS } from '../store/paces';
import { isStillReserved, reserveSlot } from '../store/reserve-slot';
import type { GrantedSlot } from './count-outcome';

/** A request leaves at most this late in its slot; later it reserves anew. */
const LATE_MS = 250;
/** How far ahead a slot may be reserved: those who were told to come back reach further, so that newcomers don't starve them. */
const WITHIN_MS = { newcomer: 5000, comeback: 8000 };
/** The connection is opened this long before its slot: sooner, and a receiver may have closed it again. */
const CONNECT_MS = 1500;
/** The end of all waiting in place: an attempt that is 11 s old sends nothing any more. */
const IN_PLACE_MS = 10_000;
/** Who is told to come back does so this long before the promised slot. */
export const EARLY_MS = 6500;

/** The end of waiting: send now in this slot; come back; or leave it. */
export type Waited =
  | { kind: 'send-now'; slot: GrantedSlot }
  | { kind: 'not-yet'; waitMs: number }
  | { kind: 'held' }
  | { kind: 'breaker' }
  | { kind: 'given-up' };

/**
 * Waits in place for the webhook's next slot, and opens the connection meanwhile, so that the request leaves in it.
 *
 * @param ask.isComeback whether it was told to come back before
 * @param ask.isManual   whether a person asked for it: then the circuit breaker does not stop it
 * @param ask.succeeded  successes of the webhook that were not counted yet
 * @param ask.confirm    runs when the slot has come, unless the attempt began just now; false gives it up (a hole in the
 *                       pace)
 * @param ask.connect    sees to it that the connection is open, which may take seconds; false when it cannot be: then nothing will
 *                      leave, and no slot is missed
 * @param ask.begunMs    monotonic milliseconds from before the attempt said that it begins
 * @returns `send-now`: the request must leave now; `not-yet`: come back after `waitMs`; `held`: the webhook is paused or
 *          disabled; `breaker`: its circuit breaker is open; `given-up`: `confirm` said no
 * @source docs/rate.md
 */
export async function waitForSlot(
  db: Database,
  ask: {
    webhookId: WebhookId;
    isComeback: boolean;
    isManual: boolean;
    succeeded: number;
    begunMs: number;
    confirm: () => Promise<boolean>;
    connect: () => Promise<boolean>;
  },
): Promise<Waited> {
  const withinMs = ask.isComeback ? WITHIN_MS.comeback : WITHIN_MS.newcomer;
  let { succeeded } = ask;
  let missed: string | null = null;
  for (;;) {
    const askedMs = monotonicMs();
    const leftMs = IN_PLACE_MS - (askedMs - ask.begunMs);
    const token = newSecret();
    const slot = await reserveSlot(db, {
      webhookId: ask.webhookId,
      token,
      withinMs: Math.min(withinMs, leftMs),
      missed,
      isManual: ask.isManual,
      succeeded,
    });
    succeeded = 0;
    if (slot.because === 'held' || slot.because === 'breaker') return { kind: slot.because };
    if (slot.because === 'slot') return { kind: 'not-yet', waitMs: Math.max(0, slot.waitMs - EARLY_MS) };
    const slotMs = askedMs + slot.waitMs;
    await pause(slot.waitMs - CONNECT_MS);
    await ask.connect();
    await pause(slotMs - monotonicMs());
    const isConnected = await ask.connect();
    // Nothing newer can have begun in so short a time: attempts follow each other after 10 s at the least.
    const isFresh = monotonicMs() - ask.begunMs <= SOON_MS;
    if (!isFresh) {
      const { webhookId } = ask;
      const [isMine, isReserved] = await Promise.all([
        ask.confirm(),
        isStillReserved(db, { webhookId, takenBack: slot.takenBack }),
      ]);
      if (!isMine) return { kind: 'given-up' };
      if (!isReserved) {
        missed = null;
        continue;
      }
    }
    const isInTime = !isConnected || monotonicMs() - slotMs <= LATE_MS;
    if (isInTime) return { kind: 'send-now', slot: { token, isFailing: slot.isFailing } };
    missed = token;
  }
}
