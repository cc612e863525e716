import { ERRORS, type ErrorCode } from '../schemas/error-codes';
import type { Problem } from '../schemas/problem';

/** What an error can carry beside its code: problems for the caller, and facts for the log. */
export interface ErrorFacts {
  problems?: Problem[];
  /** Added to the public sentence */
  detail?: string;
  [fact: string]: unknown;
}

/**
 * The one error class. Three edges translate it: the API (problem+json), activities (ApplicationFailure with the code
 * as its type) and process entries (exit 1).
 */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly facts: ErrorFacts = {},
    options: { cause?: unknown } = {},
  ) {
    super(facts.detail ? `${ERRORS[code].sentence} ${facts.detail}` : ERRORS[code].sentence, options);
    this.name = 'AppError';
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** The sentence of anything thrown, for logs and stored errors. */
export const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const CONNECTION_ERRORS =
  /^Mongo(ose)?(ServerSelection|ServerClosed|StalePrimary|Network|NetworkTimeout|NotConnected|PoolCleared|PoolClosed|TopologyClosed|WriteConcern|WaitQueueTimeout|OperationTimeout|ClientClosed|ExpiredSession)Error$/;
/** Server errors while it starts, stops or changes its primary: InterruptedAtShutdown, NotWritablePrimary and their like. */
const PASSING_CODES = new Set([
  50, 64, 91, 112, 189, 262, 9001, 10_107, 11_600, 11_601, 11_602, 13_388, 13_435, 13_436,
]);
const PASSING_LABELS = [
  'RetryableWriteError',
  'TransientTransactionError',
  'NetworkError',
  'UnknownTransactionCommitResult',
];

/** True when MongoDB could not be reached or gave up for a passing reason: our own fault, worth repeating. */
export function isDatabaseFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (CONNECTION_ERRORS.test(error.name)) return true;
  if (!error.name.startsWith('Mongo')) return false;
  const { code, hasErrorLabel } = error as { code?: unknown; hasErrorLabel?: (label: string) => boolean };
  const isLabelled = PASSING_LABELS.some((label) => hasErrorLabel?.call(error, label) ?? false);
  return isLabelled || (typeof code === 'number' && PASSING_CODES.has(code));
}

/** True for a fault of ours that passes or that an operator mends: MongoDB away, a key missing in SECRET_KEYS. */
export const isOwnFault = (error: unknown): boolean =>
  isDatabaseFault(error) || (error instanceof AppError && error.code === 'secret.unreadable');
