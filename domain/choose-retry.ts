import type { OutcomeClass } from '../schemas/delivery';
import type { RetryPolicy } from '../schemas/retry-policy';
import { type RetrySchedule, SCHEDULE_PRESETS } from '../schemas/retry-schedule';
import { isRetriedBy } from './retry-policy';

const SECOND_MS = 1000;
const RETRY_AFTER_MAX_MS = 24 * 3600 * SECOND_MS;
const JITTER_SHARE_MAX = 0.1;
const JITTER_MAX_MS = 15 * 60 * SECOND_MS;
const CONFIG_ATTEMPTS_MAX = 4;

/** Gaps before attempts 2, 3, ... of a schedule, in seconds; empty when there is no retry. @throws never */
export const scheduleGapsSeconds = (schedule: RetrySchedule): readonly number[] =>
  schedule.preset === 'custom' ? schedule.gapsSeconds : SCHEDULE_PRESETS[schedule.preset];

/** Attempts in all, the first included: 1 to 10. @throws never @source docs/delivery.md D1 */
export const attemptsOf = (settings: { maxAttempts: number; schedule: RetrySchedule }): number =>
  Math.min(settings.maxAttempts, scheduleGapsSeconds(settings.schedule).length + 1);

/**
 * Whether an attempt is followed by another, when, and why.
 *
 * Under the policy `auto` a `config` failure is repeated until 4 attempts were made, others until the attempts are used
 * up. The wait is the planned gap with its jitter or the receiver's hint, whichever is longer.
 *
 * @param outcome.status       HTTP status, which the policy `custom` asks for; none when there was no answer
 * @param outcome.policy       `auto` unless given: webhooks stored before there were policies have none
 * @param outcome.sendsSoFar   requests sent, the one just ended included: 1 or more
 * @param outcome.retryAfterMs hint of the receiver in ms (429 and 503 only, see `parseRetryAfter`), or null; at most
 *                             24 h of it are obeyed
 * @param outcome.seed         of the jitter, such as the delivery id; the number of sends is added to it
 * @returns delayMs whole ms, 0 when there is no retry; reason for people
 * @throws never
 * @source docs/delivery.md D1, D3, D4
 */
export function chooseRetry(outcome: {
  class: OutcomeClass;
  status?: number | null;
  policy?: RetryPolicy | undefined;
  sendsSoFar: number;
  maxAttempts: number;
  schedule: RetrySchedule;
  retryAfterMs: number | null;
  seed: string;
}): { isRetried: boolean; delayMs: number; reason: string } {
  const refusal = whyNot(outcome);
  if (refusal) return { isRetried: false, delayMs: 0, reason: refusal };
  const attempts = attemptsOf(outcome);
  if (outcome.sendsSoFar >= attempts)
    return { isRetried: false, delayMs: 0, reason: `All ${attempts} attempts are used up.` };

  const gapMs = (scheduleGapsSeconds(outcome.schedule)[Math.max(outcome.sendsSoFar, 1) - 1] ?? 0) * SECOND_MS;
  const plannedMs = gapMs + jitterMs(gapMs, `${outcome.seed}:${outcome.sendsSoFar}`);
  const hintMs = Math.min(outcome.retryAfterMs ?? 0, RETRY_AFTER_MAX_MS);
  const next = `Attempt ${outcome.sendsSoFar + 1} of ${attempts} follows`;
  return hintMs > plannedMs
    ? { isRetried: true, delayMs: Math.ceil(hintMs), reason: `${next} when the receiver asked for it (Retry-After).` }
    : { isRetried: true, delayMs: plannedMs, reason: `${next} as planned.` };
}

/** Why no attempt follows whatever the schedule says; null when one may. */
function whyNot(outcome: Parameters<typeof chooseRetry>[0]): string | null {
  const { class: kind, status = null, policy = { kind: 'auto' }, sendsSoFar } = outcome;
  const isRetried = isRetriedBy(policy, { class: kind, status });
  if (isRetried === true) return null;
  const refusal = whyNotByAuto(kind, sendsSoFar);
  return isRetried === null ? refusal : (refusal ?? "The webhook's retry policy leaves this failure out.");
}

function whyNotByAuto(kind: OutcomeClass, sendsSoFar: number): string | null {
  switch (kind) {
    case 'success':
      return 'The request was delivered.';
    case 'rejected':
      return 'The receiver refused the request itself; a repeat would be refused too.';
    case 'gone':
      return 'The receiver is gone for good (410).';
    case 'blocked':
      return 'The address is not allowed.';
    case 'invalid':
      return 'The request could not be made, so there is nothing to repeat.';
    case 'config':
      return sendsSoFar < CONFIG_ATTEMPTS_MAX
        ? null
        : `The receiver still refuses after ${CONFIG_ATTEMPTS_MAX} attempts; its address or credentials need a person.`;
    case 'redirect':
    case 'transient':
    case 'dns':
    case 'connect':
    case 'tls':
    case 'timeout':
    case 'unknown':
      return null;
  }
}

/** 0 to 10 % of the gap, at most 15 minutes: many deliveries that failed together do not come back together. */
const jitterMs = (gapMs: number, seed: string): number =>
  Math.floor((hashOf(seed) / 2 ** 32) * Math.min(gapMs * JITTER_SHARE_MAX, JITTER_MAX_MS));

/** FNV-1a over UTF-16 units, then mixed so that seeds differing in the last character spread: 0 <= hash < 2^32. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? [\w :-]{10,40}$/;

/**
 * What a Retry-After header asks for.
 *
 * @param value seconds, or an HTTP date in any of its three forms
 * @param nowMs the instant of the answer, ms since 1970
 * @returns ms from now, 0 (a date gone by) to 24 h; null when absent or not understood
 * @throws never
 * @source docs/delivery.md D4; RFC 9110 sections 5.6.7 and 10.2.3
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | null {
  const text = value?.trim() ?? '';
  const waitMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * SECOND_MS : dateMs(text) - nowMs;
  return Number.isNaN(waitMs) ? null : Math.ceil(Math.min(Math.max(waitMs, 0), RETRY_AFTER_MAX_MS));
}

const dateMs = (text: string): number =>
  HTTP_DATE.test(text) ? Date.parse(text.endsWith(' GMT') ? text : `${text} GMT`) : Number.NaN;
