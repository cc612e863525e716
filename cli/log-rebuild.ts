import { loadConfig, requireSettings } from '../lib/config';
import { openDatabase } from '../store/database';
import { createIndexes } from '../store/indexes';
import { openEngine } from '../workers/open-engine';
import { type RebuildCounts, rebuildLog } from '../workers/rebuild/rebuild-log';

const EVERY_RUNS = 500;

/**
 * `hookline log rebuild`: makes the webhook log again from Temporal's histories.
 *
 * @param options.since an instant or a day, ISO 8601
 * @throws Error for a `since` that is none, and when runs could not be read
 */
export async function rebuildLogCommand(options: { since?: string; dryRun?: boolean }): Promise<void> {
  const since = options.since === undefined ? undefined : new Date(options.since);
  if (since && Number.isNaN(since.getTime()))
    throw new Error('--since must be an instant or a day such as 2026-01-31T12:00:00Z or 2026-01-31.');
  const config = requireSettings(loadConfig(), 'MONGODB_URL', 'TEMPORAL_ADDRESS', 'SECRET_KEYS');
  const db = await openDatabase(config.MONGODB_URL);
  const { engine, close } = openEngine(config);
  try {
    const isDryRun = options.dryRun ?? false;
    // A collection that was lost has lost its indexes too.
    if (!isDryRun) await createIndexes(db);
    const counts = await rebuildLog(db, engine, {
      isDryRun,
      ...(since ? { since } : {}),
      onProgress: (now) => {
        if (now.runs % EVERY_RUNS === 0) console.log(sentenceOf(now, isDryRun));
      },
    });
    console.log(sentenceOf(counts, isDryRun));
    if (counts.failed > 0)
      throw new Error(`${counts.failed} runs could not be read, the first: ${counts.firstError}. Run it again.`);
  } finally {
    await close();
    await db.close();
  }
}

const sentenceOf = (counts: RebuildCounts, isDryRun: boolean): string =>
  [
    `${counts.runs} runs read${isDryRun ? ' (dry run, nothing is written)' : ''}`,
    `${counts.inserted} rows made`,
    `${counts.completed} completed`,
    `${counts.unchanged} unchanged`,
    ...(counts.unknown > 0 ? [`${counts.unknown} too old to be made again`] : []),
    ...(counts.refused > 0 ? [`${counts.refused} whose place another delivery has`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} runs not readable`] : []),
  ].join(', ');
