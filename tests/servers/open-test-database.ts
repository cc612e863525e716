import { type Database, openDatabase } from '../../store/database';
import { createIndexes } from '../../store/indexes';
import { databaseUrl, uniqueName } from './open-system';

/** A database of its own on the run's MongoDB, with all collections and indexes. */
export interface TestDatabase {
  db: Database;
  /** Drops and closes it */
  close(): Promise<void>;
}

export async function openTestDatabase(): Promise<TestDatabase> {
  const db = await openDatabase(databaseUrl(uniqueName()));
  await createIndexes(db);
  return {
    db,
    async close() {
      await db.connection.dropDatabase();
      await db.close();
    },
  };
}
