import { type ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import type { SendFailure } from '../activities/send-webhook';
import type { Attempt, OutcomeClass } from '../schemas/delivery';

/** A call of the sending activity that ended without an answer. */
export interface Failed {
  kind: 'failed';
  class: OutcomeClass;
  status: number | null;
  journal: Attempt[];
  isLogged: boolean;
  /** The policy said stop, or the receiver's attempts are used up */
  isFinal: boolean;
}

/**
 * What a failed call leaves: the journal of its failure, or of its last heartbeat with a line for the attempt that
 * vanished.
 */
export function failureOf(
  { cause }: ActivityFailure,
  before: { journal: Attempt[]; call: number; attemptsLeft: number },
): Failed {
  if (cause instanceof ApplicationFailure && isSendFailure(cause.details?.[0])) {
    const { journal, status, isLogged } = cause.details[0];
    const outcome = (cause.type ?? 'unknown') as OutcomeClass;
    return { kind: 'failed', class: outcome, status, journal, isLogged, isFinal: cause.nonRetryable === true };
  }
  const beaten =
    cause instanceof TimeoutFailure && Array.isArray(cause.lastHeartbeatDetails)
      ? (cause.lastHeartbeatDetails as Attempt[])
      : before.journal;
  const journal = [...beaten, vanished(beaten.length + 1, before)];
  const isFinal = !(cause instanceof TimeoutFailure);
  return { kind: 'failed', class: 'unknown', status: null, journal, isLogged: false, isFinal };
}

const isSendFailure = (detail: unknown): detail is SendFailure =>
  typeof detail === 'object' && detail !== null && 'journal' in detail;

/** The line of the last attempt of a call, when it left none itself. */
const vanished = (number: number, of: { call: number; attemptsLeft: number }): Attempt => ({
  number,
  call: of.call,
  temporalAttempt: of.attemptsLeft,
  class: 'unknown',
  startedAt: null,
  durationMs: null,
  status: null,
  error: 'unknown: may have been processed',
  request: null,
  response: null,
  peer: null,
  webhookRevision: null,
  nextAttemptInMs: null,
});
