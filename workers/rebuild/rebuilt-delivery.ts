import { endOf, mergeJournals } from '../../activities/attempt-journal';
import { type SendResult, WAITING_FOR } from '../../activities/send-webhook';
import { queuedDelivery } from '../../domain/queued-delivery';
import { hostOf } from '../../lib/host-of';
import { type Attempt, type DeliveryOrigin, FINAL_STATUSES, type StoredDelivery } from '../../schemas/delivery';
import type { DeliveryOrder } from '../../schemas/entry';
import type { AccountId } from '../../schemas/ids';
import type { AttemptKey } from '../../store/delivery-attempts';

/** A delivery in a history: what asked for it, and to which round of it the run belongs. */
export type Ordered = DeliveryOrder & { accountId: AccountId; origin: DeliveryOrigin; firstCall: number };

type Standing = Pick<
  StoredDelivery,
  'status' | 'class' | 'responseStatus' | 'nextAttemptAt' | 'waitingFor' | 'finishedAt'
>;

/** One round of a delivery, as its run tells it bit by bit; by the same rules by which the log is written. */
export interface RebuiltDelivery {
  readonly row: StoredDelivery;
  isOver(): boolean;
  /** An attempt began */
  begin(key: AttemptKey): void;
  learn(journal: Attempt[] | null): void;
  /** The attempts of the whole round, the last one included */
  learnAll(journal: Attempt[]): void;
  /** An attempt is under way */
  send(): void;
  /** Nothing leaves for its webhook: it waits to be told */
  shut(because: 'held' | 'breaker'): void;
  /** An attempt ended with an answer for the workflow */
  answer(result: SendResult, at: Date): void;
  /** An attempt failed; `isFinal` when none follows */
  fail(isFinal: boolean): void;
  /** The workflow told the end */
  end(
    status: 'delivered' | 'failed' | 'cancelled',
    of: Pick<StoredDelivery, 'class' | 'responseStatus'>,
    at: Date,
  ): void;
  /** Its entry ended first, or its run did */
  cancel(at: Date): void;
}

/** Number of a round, from the id of its workflow: `dlv:{id}` and `map:...` are the first, `dlv:{id}:{n}` is the n-th replay. */
const roundOf = (workflowId: string): number => Number(/^dlv:[^:]+:(\d+)$/.exec(workflowId)?.[1] ?? 0);

/** Begins with the row as it was when it was asked for. */
export function rebuildDelivery(ordered: Ordered): RebuiltDelivery {
  const round = { number: roundOf(ordered.origin.workflowId), firstCall: ordered.firstCall };
  let row: StoredDelivery = {
    ...queuedDelivery(ordered),
    round,
    waitingFor: round.number > 0 ? 'Its turn.' : null,
    newest: { call: ordered.firstCall - 1, attempt: 0 },
  };
  const move = (to: Partial<Standing>): void => {
    row = { ...row, nextAttemptAt: null, waitingFor: null, ...to };
  };
  const last = (): Attempt | undefined => row.attempts.at(-1);
  const asLastEnded = () => ({ class: last()?.class ?? null, responseStatus: last()?.status ?? null });
  const endOfLast = (otherwise: Date): Date => {
    const line = last();
    return (line && endOf(line)) ?? otherwise;
  };

  return {
    get row() {
      return row;
    },
    isOver: () => FINAL_STATUSES.includes(row.status),
    begin(newest) {
      row = { ...row, newest };
    },
    learn(journal) {
      const attempts = mergeJournals(row.attempts, journal ?? []);
      const host = hostOf(attempts.findLast(({ request }) => request)?.request?.url ?? '');
      row = { ...row, attempts, host: host ?? row.host ?? null };
    },
    learnAll(journal) {
      this.learn(journal);
      const line = last();
      if (line) this.begin({ call: line.call, attempt: line.temporalAttempt });
    },
    send: () => move({ ...asLastEnded(), status: 'sending' }),
    shut: (because) =>
      move({
        ...asLastEnded(),
        status: because === 'held' ? 'held' : 'waiting-slot',
        waitingFor: WAITING_FOR[because],
      }),
    answer(result, at) {
      this.learn(result.journal);
      if (result.kind === 'delivered')
        move({ status: 'delivered', class: 'success', responseStatus: result.status, finishedAt: endOfLast(at) });
      if (result.kind !== 'not-yet') return;
      const { because = 'slot', waitMs, isOwnFault } = result;
      if (because !== 'slot') return this.shut(because);
      const waitingFor = isOwnFault ? 'Our side was not ready.' : WAITING_FOR.slot;
      move({ ...asLastEnded(), status: 'waiting-slot', nextAttemptAt: new Date(at.getTime() + waitMs), waitingFor });
    },
    fail(isFinal) {
      const line = last();
      const endedAt = line && endOf(line);
      const gapMs = line?.nextAttemptInMs;
      if (isFinal) return move({ ...asLastEnded(), status: 'failed', finishedAt: endOfLast(row.createdAt) });
      move({
        ...asLastEnded(),
        status: 'waiting-retry',
        nextAttemptAt: endedAt && typeof gapMs === 'number' ? new Date(endedAt.getTime() + gapMs) : null,
        waitingFor: line?.nextAttemptReason ?? null,
      });
    },
    end(status, of, at) {
      if (this.isOver()) return;
      move({ ...(status === 'cancelled' ? asLastEnded() : of), status, finishedAt: endOfLast(at) });
    },
    cancel(at) {
      if (!this.isOver()) move({ ...asLastEnded(), status: 'cancelled', finishedAt: at });
    },
  };
}
