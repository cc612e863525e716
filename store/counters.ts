import { collection, type Database, type Session } from './database';

interface Counter {
  _id: string;
  value: number;
}

export const COUNTERS = collection<Counter>({ name: 'counters', shape: { _id: String, value: Number }, indexes: [] });

const LISTENERS = 'listeners';

/** Counts one more change of what listens to events; its order is the order of commits. @returns the new revision, from 1 */
export async function raiseListenersRevision(db: Database, session: Session): Promise<number> {
  const counter = await db
    .model(COUNTERS)
    .findOneAndUpdate({ _id: LISTENERS }, { $inc: { value: 1 } }, { session, upsert: true, returnDocument: 'after' })
    .lean<Counter>();
  return counter?.value ?? 1;
}

/** The revision of what listens to events now; 0 before the first publish. */
export const getListenersRevision = async (db: Database): Promise<number> =>
  (await db.model(COUNTERS).findById(LISTENERS).lean<Counter>())?.value ?? 0;
