import type { StoredStep } from '../schemas/entry';
import type { EntryId } from '../schemas/ids';
import { collection, type Database, insertPlain, type Session } from './database';

export const STEPS = collection<StoredStep>({
  name: 'steps',
  shape: {
    _id: String,
    accountId: String,
    entryId: String,
    mapId: String,
    positionId: String,
    n: Number,
    elementId: String,
    kind: String,
    title: String,
    port: String,
    detail: String,
    at: Date,
  },
  indexes: [[{ positionId: 1, n: 1 }, { unique: true }], [{ entryId: 1, _id: 1 }]],
});

/** Adds visits to the timeline; the unique index refuses a visit that was taken twice. */
export async function appendSteps(db: Database, session: Session, steps: StoredStep[]): Promise<void> {
  await insertPlain(db, STEPS, steps, session);
}

/** The timeline of an entry, oldest first. @returns at most 1,000 visits */
export const findStepsOf = async (db: Database, entryId: EntryId): Promise<StoredStep[]> =>
  db.model(STEPS).find({ entryId }).sort({ _id: 1 }).limit(1000).lean<StoredStep[]>();
