import type { VersionCache } from '../../activities/version-cache';
import type { Command } from '../../domain/route-event';
import { AppError } from '../../lib/errors';
import type { StoredEntry } from '../../schemas/entry';
import type { StoredEvent } from '../../schemas/event';
import { admitEntry } from '../../store/admit-entry';
import type { Database } from '../../store/database';
import { findActiveEntries, findEntry } from '../../store/entries';
import { exitEntry } from '../live-state';
import { type Engine, resumeEntry, startMapEntry, wakeEntry } from '../temporal-client';
import type { ListenerIndex } from './listener-index';
import { notify } from './notify';
import { runRule } from './run-rule';
import { startRequestedDelivery } from './start-delivery';
import { startRequestedMessage } from './start-message';
import { tellAdded } from './tell-added';

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
    case 'start-entry': {
      const { listener } = command;
      const entry = await admitEntry(db, {
        accountId: event.accountId,
        mapId: listener.mapId,
        mapName: listener.mapName,
        objectTypeId: event.objectTypeId,
        recordId: event.recordId,
        versionNumber: listener.versionNumber,
        triggerElementId: listener.elementId,
        reentry: listener.reentry,
        eventId: event._id,
        key: event._id,
        hops: event.hops,
      });
      if (entry) await startEntry(dispatch, entry);
      return;
    }
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
        if (entry.mapId === command.mapId) await exitOnce(engine, entry.workflowId);
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

/** An entry that has ended meanwhile has left the map, too. */
async function exitOnce(engine: Engine, workflowId: string): Promise<void> {
  try {
    await exitEntry(engine, workflowId);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'entry.ended') throw error;
  }
}

async function startEntry(dispatch: Dispatch, entry: StoredEntry): Promise<void> {
  const { engine, versions } = dispatch;
  // Before the start: whatever the entry causes then comes after it. And of an ended entry too: a crash may have come first.
  await tellAdded(dispatch, entry);
  if (entry.status === 'ended') return;
  const version = await versions.get(entry.mapId, entry.versionNumber);
  const webhookIds = [
    ...new Set(version.elements.flatMap((element) => (element.kind === 'webhook' ? [element.settings.webhookId] : []))),
  ];
  await startMapEntry(engine, { entry, webhookIds });
}
