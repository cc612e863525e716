import { Connection } from '@temporalio/client';
import { checkTemporal } from '../embedded/check-temporal';
import { prepareNamespace } from '../embedded/prepare-namespace';
import { RETENTION_DAYS, SEARCH_ATTRIBUTES } from '../embedded/temporal-settings';
import type { Config } from '../lib/config';
import { openKeyRing, type SecretKey } from '../lib/secrets/key-ring';
import { addBuiltInTypes } from '../store/add-built-in-types';
import { checkSecretKeys } from '../store/check-secret-keys';
import type { Database } from '../store/database';
import { resealInbounds } from '../store/inbound-secrets';
import { createIndexes } from '../store/indexes';
import { numberDocuments } from '../store/number-documents';
import { resealWebhooks } from '../store/webhook-secrets';
import { engineSettings } from '../workers/open-engine';
import { setQueueLimits } from '../workers/set-queue-limits';
import { buildEngine } from '../workers/temporal-client';

/**
 * Brings MongoDB and Temporal into the state that all processes expect: collections and indexes, search attributes,
 * retention, the rate of the `webhooks` queue, secrets sealed, built-in object types complete. May run again at any time.
 *
 * @returns what the Temporal server lacks, one sentence each
 */
export async function setUp(
  db: Database,
  config: Config & { TEMPORAL_ADDRESS: string; SECRET_KEYS: SecretKey[] },
): Promise<string[]> {
  await createIndexes(db);
  const keys = openKeyRing(config.SECRET_KEYS);
  await numberDocuments(db);
  await addBuiltInTypes(db);
  await checkSecretKeys(db, keys);
  await resealWebhooks(db, keys);
  await resealInbounds(db, keys);
  const connection = await Connection.connect({ address: config.TEMPORAL_ADDRESS });
  try {
    const namespace = config.TEMPORAL_NAMESPACE;
    await prepareNamespace(connection, {
      namespace,
      searchAttributes: SEARCH_ATTRIBUTES,
      retentionDays: RETENTION_DAYS,
    });
    await setQueueLimits(buildEngine(connection, engineSettings(config, false)));
    return await checkTemporal(connection, { namespace, searchAttributes: SEARCH_ATTRIBUTES });
  } finally {
    await connection.close();
  }
}
