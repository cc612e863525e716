import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Advanced } from '../activities/advance';
import type { Cause, MetGoal } from '../schemas/cause';
import type { EndReason } from '../schemas/entry';
import type { AccountId, EntryId, PositionId } from '../schemas/ids';
import { deliverUnlessPulled, goOn, openGoals } from './goals';
import { hearCancel } from './hear-cancel';
import { exit, resume, state, wake } from './messages';
import { advance } from './proxies';
import { openSteering } from './steering';

export interface MapEntryInput {
  accountId: AccountId;
  entryId: EntryId;
  positionId: PositionId;
  /** Where a run that continues another begins; unset for a new entry */
  continued?: {
    step: number;
    path: string[];
    /** Of a step that was held back by a pause */
    cause?: Cause;
    /** Goals that were met and are not decided yet */
    goals?: MetGoal[];
  };
}

const EVENTS_MAX = 2000;
const PATH_LINES = 50;
/** A resumed entry is told; this is for a message that was lost */
const PAUSED_WAIT_MS = 24 * 3600 * 1000;

/**
 * One position of one entry: asks `advance` for the next stop, waits or sends as told, and asks again until the end.
 * What the stops mean is decided outside; this file changes only with a replay test.
 */
export async function mapEntry(input: MapEntryInput): Promise<{ reason: EndReason }> {
  let isExiting = false;
  let isWoken = false;
  let isResumed = false;
  let isEnded = false;
  /** Why the last step was asked for */
  let asked: Cause = input.continued?.cause ?? { kind: input.continued ? 'woken' : 'entered' };
  let scope: CancellationScope | undefined;
  let at: Advanced | undefined;
  const path = input.continued?.path ?? [];
  const steering = openSteering();
  const goals = openGoals(input.continued?.goals ?? []);

  setHandler(wake, () => {
    isWoken = true;
    scope?.cancel();
  });
  setHandler(resume, () => {
    isResumed = true;
  });
  const leave = (): void => {
    isExiting = true;
    scope?.cancel();
  };
  setHandler(
    exit,
    async () => {
      leave();
      await condition(() => isEnded);
    },
    { validator: () => void (isEnded && refuse('The entry has ended already.')) },
  );
  setHandler(state, () => ({ step: Math.max(0, at?.step ?? 0), waitingFor: at ? waitingFor(at) : 'the first step' }));

  const ask = async (step: number, cause: Cause): Promise<Advanced> => {
    asked = cause;
    const answer = await advance({
      accountId: input.accountId,
      entryId: input.entryId,
      positionId: input.positionId,
      step,
      cause,
      nowMs: Date.now(),
    });
    path.push(...answer.path);
    setCurrentDetails([...path.slice(-PATH_LINES), `**Now:** ${waitingFor(answer)}`].join('\n\n'));
    return answer;
  };

  const takeResumed = (): boolean => {
    const wasResumed = isResumed;
    isResumed = false;
    return wasResumed;
  };

  /** Waits or sends until the stop is over; a command ends it early. */
  const pass = async (from: Advanced): Promise<Cause> => {
    const { stop } = from;
    if (stop.kind === 'paused') {
      await condition(() => isExiting || isWoken || isResumed, PAUSED_WAIT_MS, { summary: waitingFor(from) });
      isResumed = false;
      isWoken = false;
      return isExiting ? { kind: 'exit' } : asked;
    }
    const isDisturbed = (): boolean => isExiting || isWoken || goals.length > 0;
    if (stop.kind === 'wait') {
      const summary = waitingFor(from);
      if (!(await condition(isDisturbed, Math.max(1, stop.untilMs - Date.now()), { summary })))
        return { kind: 'deadline' };
    } else if (stop.kind === 'goal') {
      await condition(isDisturbed);
    } else if (stop.kind === 'send' && !isExiting) {
      try {
        const current = new CancellationScope();
        scope = current;
        return await current.run(() =>
          deliverUnlessPulled(
            { ...stop.delivery, accountId: input.accountId, title: stop.title, turnWaitMs: from.turnWaitMs },
            steering,
            { met: goals, ask, step: from.step + 1, isResumed: takeResumed },
          ),
        );
      } catch (error) {
        if (!isCancellation(error) || !(isExiting || isWoken)) throw error;
      } finally {
        scope = undefined;
      }
    }
    isWoken = false;
    return isExiting ? { kind: 'exit' } : { kind: 'woken' };
  };

  const walkOn = async (): Promise<{ reason: EndReason }> => {
    at = await ask(input.continued?.step ?? 0, asked);
    while (at.stop.kind !== 'end') {
      const cause = await pass(at);
      at = await goOn(goals, ask, at.step + 1, cause);
      const { historyLength, continueAsNewSuggested } = workflowInfo();
      const isResting = at.stop.kind !== 'send' && at.stop.kind !== 'end';
      if (isResting && !isExiting && !isWoken && (continueAsNewSuggested || historyLength > EVENTS_MAX)) {
        await condition(allHandlersFinished);
        const held = at.stop.kind === 'paused' ? { step: at.step + 1, cause: asked } : { step: at.step };
        const left = { ...held, path: path.slice(-PATH_LINES), ...(goals.length > 0 ? { goals } : {}) };
        await continueAsNew<typeof mapEntry>({ ...input, continued: left });
      }
    }
    isEnded = true;
    await condition(allHandlersFinished);
    return { reason: at.stop.reason };
  };
  return hearCancel(walkOn, leave);
}

function waitingFor({ stop }: Advanced): string {
  switch (stop.kind) {
    case 'wait':
      return `Wait: ${stop.title}, until ${new Date(stop.untilMs).toISOString()}`.slice(0, 150);
    case 'goal':
      return `Goal: ${stop.title}`.slice(0, 150);
    case 'send':
      return `Webhook: ${stop.title}`.slice(0, 150);
    case 'paused':
      return 'Paused';
    case 'end':
      return `ended (${stop.reason})`;
  }
}

/** The only way to refuse: a plain exception would fail the workflow task, which is repeated for ever. */
function refuse(sentence: string): never {
  throw ApplicationFailure.nonRetryable(sentence, 'entry.ended');
}
