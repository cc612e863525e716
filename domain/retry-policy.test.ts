import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OUTCOME_CLASSES, type OutcomeClass } from '../schemas/delivery';
import type { RetryPolicy } from '../schemas/retry-policy';
import { chooseRetry } from './choose-retry';
import { classifyStatus } from './classify-outcome';
import { isRetriedBy, parseRetryExpression } from './retry-policy';

const custom = (statuses: string): RetryPolicy => ({ kind: 'custom', statuses });
/** Sends until the policy says stop, 10 at most. */
const sendsOf = (policy: RetryPolicy, outcome: number | OutcomeClass): number => {
  const isStatus = typeof outcome === 'number';
  const given = { class: isStatus ? classifyStatus(outcome) : outcome, status: isStatus ? outcome : null, policy };
  const plan = { maxAttempts: 10, schedule: { preset: 'standard' as const }, retryAfterMs: null, seed: 's' };
  let sends = 1;
  while (chooseRetry({ ...given, ...plan, sendsSoFar: sends }).isRetried) sends++;
  return sends;
};

test('"all" retries every failure but 410 and what can never work, until the attempts are used up', () => {
  const once = OUTCOME_CLASSES.filter((kind) => sendsOf({ kind: 'all' }, kind) === 1);
  expect(once).toEqual(['success', 'gone', 'blocked', 'invalid']);
  for (const status of [301, 400, 404, 422, 501, 503]) expect(sendsOf({ kind: 'all' }, status)).toBe(10);
  expect(sendsOf({ kind: 'all' }, 410)).toBe(1);
});

test.each<[string, number | OutcomeClass, number]>([
  ['5xx,429,!501', 500, 10],
  ['5xx,429,!501', 429, 10],
  ['5xx,429,!501', 501, 1],
  ['5xx,429,!501', 404, 1],
  ['5xx,429,!501', 302, 1],
  ['!501, 501', 501, 1],
  ['500-502', 502, 10],
  ['500 - 502', 503, 1],
  ['4XX', 404, 10],
  ['4xx', 410, 1],
  ['4xx', 200, 1],
  ['5xx', 'timeout', 10],
  ['5xx', 'unknown', 10],
  ['5xx,dns', 'timeout', 1],
  ['5xx,DNS', 'dns', 10],
  ['5xx,!timeout', 'timeout', 1],
  ['5xx,!timeout', 'dns', 10],
  ['5xx,!connect', 'unknown', 1],
  ['5xx', 'blocked', 1],
  ['5xx', 'invalid', 1],
])('the expression %s sends %s %i times', (statuses, outcome, sends) => {
  expect(sendsOf(custom(statuses), outcome)).toBe(sends);
});

test('an expression that only excludes, or names only failures without an answer, leaves other statuses to "auto"', () => {
  for (const statuses of ['!503', 'timeout']) {
    expect([500, 404, 400].map((status) => sendsOf(custom(statuses), status))).toEqual([10, 4, 1]);
  }
  expect(sendsOf(custom('!503'), 503)).toBe(1);
});

test.each([
  ['5xx,,429', /empty part/],
  ['5xx,foo', /"foo", which is not understood; use statuses from 300 to 599/],
  ['!', /"!", which is not understood/],
  ['2xx', /2xx is success/],
  ['250', /2xx is success/],
  ['700', /no such status is a failure/],
  ['504-500', /runs backwards; write 500-504/],
  ['410', /gone for good/],
  [Array(51).fill('500').join(','), /51 parts; at most 50/],
])('%s is refused with a sentence that says what is wrong', (statuses, says) => {
  expect(parseRetryExpression(statuses).problems).toEqual([expect.stringMatching(says)]);
});

test('every part that is wrong is named, and "!410" is allowed', () => {
  expect(parseRetryExpression('foo, 5xx, bar').problems).toHaveLength(2);
  expect(parseRetryExpression('5xx, !410').problems).toEqual([]);
});

test('never throws, whatever the expression', () => {
  const piece = fc.constantFrom('5', 'x', '-', ',', '!', ' ', '40', 'dns', '\ud800');
  fc.assert(
    fc.property(fc.array(piece), fc.constantFrom(...OUTCOME_CLASSES), (pieces, kind) => {
      isRetriedBy(custom(pieces.join('')), { class: kind, status: 503 });
    }),
  );
});
