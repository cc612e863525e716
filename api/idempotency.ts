import { hashKey } from '../lib/ids';
import type { AccountId } from '../schemas/ids';
import { isDuplicate, type Session, transaction } from '../store/database';
import { findAnswer, saveAnswer } from '../store/idempotency';
import type { Api } from './parts';
import { invalid } from './problem';
import type { Call, Route } from './route';
import { openAnswer, sealAnswer } from './seal-answer';

/** A success as it leaves: the body is text, so that a repeat gets the same bytes. */
export interface Answer {
  status: number;
  text: string;
  isReplay: boolean;
}

/** A request that may be repeated. */
interface Repeatable {
  accountId: AccountId;
  key: string;
  requestHash: string;
}

/**
 * What makes a POST repeatable, or null without an `Idempotency-Key`.
 *
 * @param given.url    path and query as requested
 * @param given.pepper keys the hash of the request, which may hold secrets
 * @throws AppError `request.invalid` for a key that is none
 */
export function repeatableOf(
  given: { header: string | undefined; method: string; url: string; body: unknown; pepper: string },
  accountId: AccountId,
): Repeatable | null {
  if (given.header === undefined || given.method !== 'POST') return null;
  if (!/^[\x20-\x7e]{1,200}$/.test(given.header))
    throw invalid({ path: 'Idempotency-Key', message: 'must be 1 to 200 printable characters' });
  const requestHash = hashKey(`${given.method} ${given.url}\n${JSON.stringify(given.body ?? {})}`, given.pepper);
  return { accountId, key: given.header, requestHash };
}

/**
 * Runs the handler, once for all repeats of the request: the change and the answer to it are committed together, so
 * whoever comes later, or at the same time, gets the answer of the one that was first.
 */
export async function answerOnce(api: Api, route: Route, call: Call, of: Repeatable | null): Promise<Answer> {
  const run = async (session: Session | null): Promise<Answer> => {
    const shaped = route.response.parse(await route.handle(api, call, session));
    return { status: route.status, text: JSON.stringify(shaped), isReplay: false };
  };
  const inTransaction = (session: Session): Promise<Answer> => run(session);
  if (!of) return route.isAtomic ? transaction(api.db, inTransaction) : run(null);

  const name = `${of.accountId} ${of.key} ${of.requestHash}`;
  const find = async (session: Session): Promise<Answer | null> => {
    const kept = await findAnswer(api.db, session, of);
    if (!kept) return null;
    const text = String(kept.body);
    return { status: kept.status, text: route.isSecret ? openAnswer(text, api.pepper, name) : text, isReplay: true };
  };
  const save = async (session: Session, answer: Answer): Promise<void> => {
    const body = route.isSecret ? sealAnswer(answer.text, api.pepper, name) : answer.text;
    await saveAnswer(api.db, session, of, { status: answer.status, body });
  };
  try {
    if (route.isAtomic)
      return await transaction(api.db, async (session) => {
        const kept = await find(session);
        if (kept) return kept;
        const answer = await run(session);
        await save(session, answer);
        return answer;
      });
    const kept = await transaction(api.db, find);
    if (kept) return kept;
    const answer = await run(null);
    await transaction(api.db, (session) => save(session, answer));
    return answer;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const kept = await transaction(api.db, find);
    if (!kept) throw error;
    return kept;
  }
}
