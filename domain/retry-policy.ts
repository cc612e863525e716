import type { OutcomeClass } from '../schemas/delivery';
import { NAMED_FAILURES, type NamedFailure, type RetryPolicy } from '../schemas/retry-policy';
import { parseRange, type Range } from './status-range';

/** A custom expression, taken apart. Statuses and failures that `not` holds are never retried. */
export interface RetryExpression {
  statuses: Range[];
  failures: NamedFailure[];
  not: { statuses: Range[]; failures: NamedFailure[] };
}

const PARTS_MAX = 50;
const ALLOWED = 'use statuses from 300 to 599 (503), classes (5xx), ranges (500-504), timeout, dns, connect or tls';
const GONE = 410;

/**
 * Takes an expression such as `5xx,429,!501,timeout` apart; upper and lower case and blanks do not matter.
 *
 * @returns a sentence for each part that is not understood, which part and what may stand there; the rest is read
 * @throws never
 * @source docs/delivery.md, "Outcomes"
 */
export function parseRetryExpression(text: string): { expression: RetryExpression; problems: string[] } {
  const expression: RetryExpression = { statuses: [], failures: [], not: { statuses: [], failures: [] } };
  const problems: string[] = [];
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length > PARTS_MAX) problems.push(`has ${parts.length} parts; at most ${PARTS_MAX} are allowed`);
  for (const part of parts.slice(0, PARTS_MAX)) {
    const isNot = part.startsWith('!');
    const word = (isNot ? part.slice(1) : part).trim().toLowerCase();
    const side = isNot ? expression.not : expression;
    const failure = NAMED_FAILURES.find((name) => name === word);
    const range = failure ? null : parseRange(word);
    const problem = failure ? null : problemOf(part, range, isNot);
    if (problem) problems.push(problem);
    else if (failure) side.failures.push(failure);
    else if (range) side.statuses.push(range);
  }
  return { expression, problems };
}

function problemOf(part: string, range: Range | null, isNot: boolean): string | null {
  if (part === '') return `has an empty part between its commas; ${ALLOWED}`;
  if (!range) return `holds "${part.slice(0, 40)}", which is not understood; ${ALLOWED}`;
  if (range.from > range.to) return `holds "${part}", a range that runs backwards; write ${range.to}-${range.from}`;
  if (range.from < 300 || range.to > 599)
    return `holds "${part}", and ${range.from < 300 && range.to >= 200 ? '2xx is success' : 'no such status is a failure'}; ${ALLOWED}`;
  if (!isNot && range.from === GONE && range.to === GONE)
    return 'holds "410", which says that the receiver is gone for good; it is never retried';
  return null;
}

/**
 * Whether a policy other than `auto` retries an attempt that ended so; null leaves it to `auto`.
 *
 * `custom`: what `!` excludes is not retried; a status is when the expression names it. An expression that names no
 * status, or no failure without an answer, leaves those to `auto`: whoever only writes `!501` wants the usual rest.
 * `unknown` counts as `connect`, since the connection broke off in a way that has no name.
 *
 * @param outcome.status HTTP status; null when there was no answer
 * @throws never; parts of an expression that are not understood are passed over
 */
export function isRetriedBy(
  policy: RetryPolicy,
  outcome: { class: OutcomeClass; status: number | null },
): boolean | null {
  if (policy.kind === 'auto') return null;
  switch (outcome.class) {
    case 'success':
    case 'gone':
    case 'blocked':
    case 'invalid':
      return false;
    case 'redirect':
    case 'transient':
    case 'config':
    case 'rejected':
      return policy.kind === 'all' ? true : isStatusRetried(policy.statuses, outcome.status);
    case 'dns':
    case 'connect':
    case 'tls':
    case 'timeout':
      return policy.kind === 'all' ? true : isFailureRetried(policy.statuses, outcome.class);
    case 'unknown':
      return policy.kind === 'all' ? true : isFailureRetried(policy.statuses, 'connect');
  }
}

function isStatusRetried(text: string, status: number | null): boolean | null {
  const { statuses, not } = parseRetryExpression(text).expression;
  const holds = ({ from, to }: Range): boolean => status !== null && from <= status && status <= to;
  if (not.statuses.some(holds)) return false;
  return statuses.length === 0 ? null : statuses.some(holds);
}

function isFailureRetried(text: string, failure: NamedFailure): boolean | null {
  const { failures, not } = parseRetryExpression(text).expression;
  if (not.failures.includes(failure)) return false;
  return failures.length === 0 ? null : failures.includes(failure);
}
