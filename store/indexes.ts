import { ACCOUNTS } from './accounts';
import { API_CALLS } from './api-calls';
import { COUNTERS } from './counters';
import type { Collection, Database } from './database';
import { DELIVERIES } from './deliveries';
import { EMAIL_DEEDS } from './email-deeds';
import { ENTRIES } from './entries';
import { EVALUATIONS } from './evaluations';
import { EVENTS } from './events';
import { FORMS } from './forms';
import { IDEMPOTENCY } from './idempotency';
import { INBOUND_RECEIPTS } from './inbound-receipts';
import { INBOUNDS } from './inbounds';
import { INBOX } from './inbox';
import { JOBS } from './jobs';
import { KEYS } from './keys';
import { LEASES } from './leases';
import { LOCKS } from './locks';
import { MAPS } from './maps';
import { MESSAGES } from './messages';
import { NOTICES } from './notices';
import { OBJECT_TYPES } from './object-types';
import { OUTGOING_MESSAGES } from './outgoing-messages';
import { PACES } from './paces';
import { POSITIONS } from './positions';
import { RECORDS } from './records';
import { RULES } from './rules';
import { STEPS } from './steps';
import { SUBSCRIPTIONS } from './subscriptions';
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
  EMAIL_DEEDS,
  MAPS,
  VERSIONS,
  ENTRIES,
  POSITIONS,
  STEPS,
  WEBHOOKS,
  PACES,
  DELIVERIES,
  IDEMPOTENCY,
  FORMS,
  MESSAGES,
  OUTGOING_MESSAGES,
  LEASES,
  LOCKS,
  COUNTERS,
  INBOX,
  NOTICES,
  JOBS,
  RULES,
  EVALUATIONS,
  SUBSCRIPTIONS,
  API_CALLS,
  INBOUNDS,
  INBOUND_RECEIPTS,
] as unknown as Collection<never>[];

/** Indexes that newer ones have replaced; as long as they are there they refuse what is allowed now, or cost time. */
const REPLACED: readonly { collection: string; index: string }[] = [
  { collection: DELIVERIES.name, index: 'source.positionId_1_source.step_1' },
  { collection: DELIVERIES.name, index: 'recordId_1__id_-1' },
  { collection: DELIVERIES.name, index: 'source.entryId_1__id_-1' },
  { collection: DELIVERIES.name, index: 'source.mapId_1__id_-1' },
];
const INDEX_NOT_FOUND = 27;

/** Creates what is missing: collections (a transaction cannot) and indexes. Harmless when all are there. */
export async function createIndexes(db: Database): Promise<void> {
  const existing = new Set((await db.connection.listCollections()).map(({ name }) => name));
  for (const spec of COLLECTIONS) {
    const model = db.model(spec);
    if (!existing.has(spec.name)) await model.createCollection();
    await model.createIndexes();
  }
  for (const { collection, index } of REPLACED) {
    await db.connection
      .collection(collection)
      .dropIndex(index)
      .catch((error: { code?: unknown }) => {
        if (error.code !== INDEX_NOT_FOUND) throw error;
      });
  }
}
