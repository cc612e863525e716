import { CancellationScope, condition, setHandler } from '@temporalio/workflow';
import type { Advanced } from '../activities/advance';
import type { Cause, MetGoal, Sent } from '../schemas/cause';
import { deliver, type Errand } from './deliver';
import { goal } from './messages';
import { recordDelivery } from './proxies';
import { cancelUnderWay, type Steering } from './steering';

type Ask = (step: number, cause: Cause) => Promise<Advanced>;

/** Takes what is told of goals; call it before the first wait. @returns those that were met and not decided yet, in order */
export function openGoals(before: MetGoal[]): MetGoal[] {
  const met = [...before];
  setHandler(goal, (told) => void met.push(told));
  return met;
}

/** Asks for the next step. Goals that were met come before the way on; a pause holds them with it. */
export async function goOn(met: MetGoal[], ask: Ask, step: number, cause: Cause): Promise<Advanced> {
  while (met[0] && step > 0 && cause.kind !== 'exit') {
    const answer = await ask(step, { kind: 'goal', ...met[0], ...(cause.kind === 'sent' ? { sent: cause } : {}) });
    if (answer.stop.kind === 'paused') break;
    met.shift();
    if (answer.step >= step) return answer;
  }
  return ask(step, cause);
}

/**
 * Delivers. A goal that pulls the record away cancels what is under way, once that is decided: one that pulls nobody
 * costs no attempt.
 *
 * @param at.isResumed tells once that the entry was resumed: goals that a pause held are looked at again
 * @throws CancelledFailure when the scope around it is cancelled
 */
export async function deliverUnlessPulled(
  errand: Errand,
  steering: Steering,
  at: { met: MetGoal[]; ask: Ask; step: number; isResumed: () => boolean },
): Promise<Sent> {
  const { met, ask, step } = at;
  const look = async (): Promise<Advanced['goal']> => {
    while (met[0]) {
      const { goal: decided } = await ask(step, { kind: 'goal', ...met[0] });
      if (decided) return decided;
      met.shift();
    }
    return undefined;
  };
  if ((await look()) === 'pulls') {
    const cancelled = { result: 'cancelled', class: 'unknown', status: null } as const;
    await recordDelivery({ deliveryId: errand.deliveryId, journal: [], ...cancelled });
    return { kind: 'sent', ...cancelled };
  }
  let isOver = false;
  const watch = async (): Promise<void> => {
    for (let looked = met.length; ; looked = met.length) {
      await condition(() => isOver || met.length > looked || at.isResumed());
      if (isOver) return;
      if ((await look()) === 'pulls') return cancelUnderWay(steering);
    }
  };
  // It ends with the delivery; cancelled before that it would fail with nobody listening.
  const watching = CancellationScope.nonCancellable(watch);
  try {
    return await deliver(errand, steering);
  } finally {
    isOver = true;
    await watching;
  }
}
