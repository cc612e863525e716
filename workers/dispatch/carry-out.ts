import type { VersionCache } from '../../activities/version-cache';
import type { Command } from '../../domain/route-event';
import { AppError } from '../../lib/errors';
import type { StoredEntry } from '../../schemas/entry';
import type { StoredEvent } from '../../schemas/event';
import type { Database } from '../../store/database';
import { findActiveEntries, findEntry } from '../../store/entries';
import { exitEntry } from '../live-state';
import { type Engine, resumeEntry, wakeEntry } from '../temporal-client';
import { enterMap, startEntry } from './enter-map';
import type { ListenerIndex } from './listener-index';
import { notify } from './notify';
import { reachGoal } from './reach-goal';
import { runRule } from './run-rule';
import { startRequestedDelivery } from './start-delivery';
import { startRequestedMessage } from './start-message';

export interface Dispatch {
  db: Database;
  engine: Engine;
  versions: VersionCache;
  index: ListenerIndex;
}

/**
 * Does what an event asks for. Every command may be carried out again: a second time changes nothing.
 *
 * @throws MongoDB's and Temporal's errors; the event is then tried again
 */
export async function carryOut(dispatch: Dispatch, event: StoredEvent, command: Command): Promise<void> {
  const { db, engine } = dispatch;
  switch (command.kind) {
    case 'start-entry':
      await enterMap(dispatch, event, command.listener);
      return;
    case 'reach-goal':
      await reachGoal(dispatch, event, command.listener);
      return;
    case 'start-requested': {
      const entry = await findEntry(db, command.entryId);
      if (entry) await startEntry(dispatch, entry);
      return;
    }
    case 'start-delivery':
      await startRequestedDelivery(dispatch, command.deliveryId);
      return;
    case 'start-message':
      await startRequestedMessage(dispatch, command.outgoingId);
      return;
    case 'run-rule':
      await runRule(dispatch, event, command.ruleId);
      return;
    case 'notify':
      await notify(dispatch, event, command.subscriptionId);
      return;
    case 'exit-map':
      for (const entry of await findActiveEntries(db, event.recordId))
        if (entry.mapId === command.mapId) await exitOnce(dispatch, entry);
      return;
    case 'wake-entries':
      for (const entry of await findActiveEntries(db, event.recordId)) await wakeEntry(engine, entry.workflowId);
      return;
    case 'resume-entry': {
      const entry = await findEntry(db, command.entryId);
      if (entry?.status === 'active') await resumeEntry(engine, entry.workflowId);
      return;
    }
  }
}

/** An entry that has ended meanwhile has left the map, too; and there is none to leave where no workflow is. */
async function exitOnce(dispatch: Dispatch, { accountId, _id: entryId }: StoredEntry): Promise<void> {
  try {
    await exitEntry(dispatch, { accountId, entryId });
  } catch (error) {
    if (!(error instanceof AppError) || !['entry.ended', 'entry.starting'].includes(error.code)) throw error;
  }
}
