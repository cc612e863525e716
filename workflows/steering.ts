import { ApplicationFailure, type CancellationScope, condition, setHandler } from '@temporalio/workflow';
import type { DeliveryId } from '../schemas/ids';
import { steer, turn, type Wish } from './messages';

/** Who has a turn goes to the queue this long before it: above the 10 s after which a dead worker's tasks move on. */
export const LEAD_MS = 15_000;

/** What people and the rate say to the delivery that is under way in this workflow. */
export interface Steering {
  deliveryId: DeliveryId | null;
  /** The call of the sending activity; cancelled when somebody wishes something */
  call: CancellationScope | null;
  wish: Wish['wish'] | null;
  /** What was seen when a retry was wished for last */
  seen: string | null;
  newTurnMs: number | null;
  /** What is in `newTurnMs` is no other turn than the one that is waited for */
  isOwnTurn: boolean;
}

/** Takes the messages about deliveries of this workflow; call it before the first wait. */
export function openSteering(): Steering {
  const steering: Steering = {
    deliveryId: null,
    call: null,
    wish: null,
    seen: null,
    newTurnMs: null,
    isOwnTurn: false,
  };
  setHandler(turn, ({ waitMs, isOwn = false }) => {
    steering.newTurnMs = waitMs;
    steering.isOwnTurn = isOwn;
  });
  setHandler(
    steer,
    async ({ deliveryId, wish, seen }) => {
      if (wish === 'retry' && steering.seen === seen) return;
      steering.seen = seen;
      steering.wish = wish;
      steering.call?.cancel();
      if (wish === 'cancel') await condition(() => steering.deliveryId !== deliveryId);
    },
    {
      validator: ({ deliveryId }) => {
        if (steering.deliveryId !== deliveryId)
          throw ApplicationFailure.nonRetryable('The delivery is not under way.', 'delivery.ended');
      },
    },
  );
  return steering;
}

/** Cancels the delivery that is under way, if it still is: a request on its way is finished, and its outcome counts. */
export function cancelUnderWay(steering: Steering): void {
  steering.wish = 'cancel';
  steering.call?.cancel();
}

/** Another delivery is under way; what was said about the one before is no news for it. */
export function beginSteering(steering: Steering, deliveryId: DeliveryId): void {
  const fresh: Steering = { deliveryId, call: null, wish: null, seen: null, newTurnMs: null, isOwnTurn: false };
  Object.assign(steering, fresh);
}

/**
 * Waits, unless somebody wishes something or gives a new turn. Many get new turns at once: half of a short wait is kept,
 * so that they leave in the order of their turns.
 *
 * @param ms milliseconds
 * @returns why it ended: the time is `over`, a new `turn` has come near, or the wish
 */
export async function rest(
  steering: Steering,
  ms: number,
  summary: string,
): Promise<'over' | 'turn' | NonNullable<Steering['wish']>> {
  let leftMs = ms;
  let isNewTurn = false;
  while (leftMs > 0 || steering.wish !== null) {
    const isDisturbed =
      steering.wish !== null ||
      (await condition(() => steering.wish !== null || steering.newTurnMs !== null, leftMs, { summary }));
    if (!isDisturbed) break;
    const { wish, newTurnMs } = steering;
    steering.newTurnMs = null;
    if (wish !== null) {
      steering.wish = null;
      return wish;
    }
    isNewTurn = !steering.isOwnTurn;
    leftMs = newTurnMs === null ? 0 : newTurnMs - Math.min(LEAD_MS, newTurnMs / 2);
  }
  return isNewTurn ? 'turn' : 'over';
}
