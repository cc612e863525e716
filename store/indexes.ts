import { ACCOUNTS } from './accounts';
import { COUNTERS } from './counters';
import type { Collection, Database } from './database';
import { DELIVERIES } from './deliveries';
import { ENTRIES } from './entries';
import { EVENTS } from './events';
import { IDEMPOTENCY } from './idempotency';
import { INBOX } from './inbox';
import { KEYS } from './keys';
import { LEASES } from './leases';
import { LOCKS } from './locks';
import { MAPS } from './maps';
import { OBJECT_TYPES } from './object-types';
import { PACES } from './paces';
import { POSITIONS } from './positions';
import { RECORDS } from './records';
import { STEPS } from './steps';
import { TAGS } from './tags';
import { VERSIONS } from './versions';
import { WEBHOOKS } from './webhooks';

/** Every collection of the database. */
export const COLLECTIONS: Collection<never>[] = [
  ACCOUNTS,
  KEYS,
  OBJECT_TYPES,
  RECORDS,
  TAGS,
  EVENTS,
  MAPS,
  VERSIONS,
  ENTRIES,
  POSITIONS,
  STEPS,
  WEBHOOKS,
  PACES,
  DELIVERIES,
  IDEMPOTENCY,
  LEASES,
  LOCKS,
  COUNTERS,
  INBOX,
] as unknown as Collection<never>[];

/** Creates what is missing: collections (a transaction cannot) and indexes. Harmless when all are there. */
export async function createIndexes(db: Database): Promise<void> {
  const existing = new Set((await db.connection.listCollections()).map(({ name }) => name));
  for (const spec of COLLECTIONS) {
    const model = db.model(spec);
    if (!existing.has(spec.name)) await model.createCollection();
    await model.createIndexes();
  }
}
