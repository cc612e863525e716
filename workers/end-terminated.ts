import { now } from '../lib/clock';
import { AppError } from '../lib/errors';
import type { StoredEntry } from '../schemas/entry';
import type { Database } from '../store/database';
import { findPositionsOf } from '../store/positions';
import { startMapEntry } from './start-workflows';
import { type Engine, isClosed } from './temporal-client';

const END_MS = 45_000;

/**
 * Ends an entry whose workflow was terminated in Temporal and could not write its end: another run takes its place where
 * it stood, and leaves the map.
 *
 * @throws AppError `engine.unavailable` when its workflow has not started yet, or Temporal or no worker answers in 45 s
 */
export async function endTerminatedEntry(
  { db, engine }: { db: Database; engine: Engine },
  entry: StoredEntry,
): Promise<void> {
  const { client } = engine;
  const [position] = await findPositionsOf(db, entry._id);
  try {
    if (!(await isClosed(engine, entry.workflowId)))
      throw new AppError('engine.unavailable', { detail: 'The entry is about to start.' });
    await startMapEntry(engine, { entry, webhookIds: [], leavesAt: position ? position.step + 1 : 0 });
    await client.withDeadline(now().getTime() + END_MS, () => client.workflow.getHandle(entry.workflowId).result());
  } catch (error) {
    throw error instanceof AppError ? error : new AppError('engine.unavailable', {}, { cause: error });
  }
}
