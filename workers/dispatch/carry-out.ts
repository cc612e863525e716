import type { VersionCache } from '../../activities/version-cache';
import type { Command } from '../../domain/route-event';
import type { StoredEntry } from '../../schemas/entry';
import type { StoredEvent } from '../../schemas/event';
import { admitEntry } from '../../store/admit-entry';
import type { Database } from '../../store/database';
import { findActiveEntries, findEntry } from '../../store/entries';
import { type Engine, startMapEntry, wakeEntry } from '../temporal-client';
import { startRequestedDelivery } from './start-delivery';

export interface Dispatch {
  db: Database;
  engine: Engine;
  versions: VersionCache;
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
    case 'wake-entries':
      for (const entry of await findActiveEntries(db, event.recordId)) await wakeEntry(engine, entry.workflowId);
      return;
  }
}

async function startEntry({ engine, versions }: Dispatch, entry: StoredEntry): Promise<void> {
  if (entry.status === 'ended') return;
  const version = await versions.get(entry.mapId, entry.versionNumber);
  const webhookIds = [
    ...new Set(version.elements.flatMap((element) => (element.kind === 'webhook' ? [element.settings.webhookId] : []))),
  ];
  await startMapEntry(engine, { entry, webhookIds });
}
