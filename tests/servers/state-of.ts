import { API_CALLS } from '../../store/api-calls';
import { COUNTERS } from '../../store/counters';
import type { Database } from '../../store/database';
import { COLLECTIONS } from '../../store/indexes';

/** Everything that an account has, as text: two that are equal mean that none of it was changed. */
export async function stateOf(db: Database, accountId: string): Promise<string> {
  const all = await Promise.all(
    COLLECTIONS.map(async ({ name }) => [
      name,
      await db.connection
        .collection<{ _id: string; accountId?: string }>(name)
        .find({ $or: [{ accountId }, { _id: accountId }] })
        .sort({ _id: 1 })
        .toArray(),
    ]),
  );
  return JSON.stringify(all);
}

/** Calls are counted whatever becomes of them, and decimal ids have gaps. */
const COUNTED: readonly string[] = [API_CALLS.name, COUNTERS.name];

/** A hash of each collection of a database: two that are equal mean that nothing in it was changed. */
export async function digestOf(db: Database): Promise<Record<string, string>> {
  const collections = COLLECTIONS.map(({ name }) => name).filter((name) => !COUNTED.includes(name));
  const answer = await db.connection.getClient().db(db.connection.name).command({ dbHash: 1, collections });
  return answer.collections as Record<string, string>;
}
