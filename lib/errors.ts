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

/** True when MongoDB could not be reached or gave up a connection: our own fault, worth repeating. */
export const isDatabaseFault = (error: unknown): boolean =>
  error instanceof Error &&
  /^(Mongo(ose)?(ServerSelection|Network|NotConnected|PoolCleared|WriteConcern|Topology|Buffer|Server)|MongoError)/.test(
    error.name,
  );
