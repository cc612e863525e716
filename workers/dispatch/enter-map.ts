import type { GoalListener, TriggerListener } from '../../domain/route-event';
import type { StoredEntry } from '../../schemas/entry';
import type { StoredEvent } from '../../schemas/event';
import { admitEntry } from '../../store/admit-entry';
import { startMapEntry } from '../start-workflows';
import type { Dispatch } from './carry-out';
import { tellAdded } from './tell-added';

/** Lets the record of an event enter a map at a trigger, or at a goal, as the map's re-entry setting says. */
export async function enterMap(
  dispatch: Dispatch,
  event: StoredEvent,
  at: TriggerListener | GoalListener,
): Promise<void> {
  const entry = await admitEntry(dispatch.db, {
    accountId: event.accountId,
    mapId: at.mapId,
    mapName: at.mapName,
    objectTypeId: event.objectTypeId,
    recordId: event.recordId,
    versionNumber: at.versionNumber,
    triggerElementId: at.elementId,
    reentry: at.reentry,
    eventId: event._id,
    key: event._id,
    hops: event.hops,
  });
  if (entry) await startEntry(dispatch, entry);
}

/** Starts the workflow of an entry; one that was started before is left alone. */
export async function startEntry(dispatch: Dispatch, entry: StoredEntry): Promise<void> {
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
