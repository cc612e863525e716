import { expect } from '@jest/globals';
import type { Database } from '../../store/database';
import type { ApiAnswer } from './open-test-api';
import { digestOf } from './state-of';

const isRefused = ({ status }: Pick<ApiAnswer, 'status'>): boolean => status >= 400 && status < 500;

/** Most refusals of one kind of call that are looked at. */
const SAMPLE = 40;

/**
 * Calls that were refused, one for each reason as far as there are not too many.
 *
 * @param reasonOf what is called and what the refusal is about, without what was given
 */
export function sampleRefusals<C>(
  answers: readonly [call: C, answer: ApiAnswer][],
  reasonOf: (answered: readonly [call: C, answer: ApiAnswer]) => string,
  most = SAMPLE,
): C[] {
  const first = new Map<string, C>();
  for (const answered of answers) {
    const [call, answer] = answered;
    const reason = reasonOf(answered);
    // The last one would write once more what it may have left.
    if (isRefused(answer) && !first.has(reason)) first.set(reason, call);
  }
  return [...first.values()].slice(0, most);
}

/**
 * Makes calls again that were refused, and holds the database against what it was before. What is accepted this time,
 * since other calls have changed something in between, is left out.
 */
export async function expectNothingLeft<C>(
  db: Database,
  calls: readonly C[],
  send: (call: C) => Promise<ApiAnswer>,
): Promise<void> {
  let left = calls;
  for (;;) {
    const before = await digestOf(db);
    const answers = await Promise.all(left.map(async (call) => [call, await send(call)] as const));
    const again = answers.filter(([, answer]) => isRefused(answer)).map(([call]) => call);
    if (again.length === left.length) {
      expect(await digestOf(db)).toEqual(before);
      return;
    }
    left = again;
  }
}
