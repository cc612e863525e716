import { keyOf, type Listener } from '../../domain/route-event';
import type { Fact } from '../../schemas/event';
import type { AccountId, MapId } from '../../schemas/ids';
import { getListenersRevision } from '../../store/counters';
import type { Database } from '../../store/database';
import { findPublishedSince } from '../../store/maps';
import { getVersion } from '../../store/versions';

/** Who listens to what: the triggers of all published maps, found by key, so that their number does not matter. */
export interface ListenerIndex {
  /** Takes in what was published since; after it, no publish committed before the call is missing */
  refresh(): Promise<void>;
  find(event: { accountId: AccountId; objectTypeId: number; fact: Fact }): Listener[];
}

/**
 * An index in memory. `refresh` costs one read of one small document when nothing was published; that makes it exact,
 * where a change stream would only be soon. Source: docs/decisions.md.
 */
export function openListenerIndex(db: Database): ListenerIndex {
  const byKey = new Map<string, Listener[]>();
  const keysOf = new Map<MapId, string[]>();
  let revision = 0;

  const remove = (mapId: MapId): void => {
    for (const key of keysOf.get(mapId) ?? []) {
      const rest = (byKey.get(key) ?? []).filter((listener) => listener.mapId !== mapId);
      if (rest.length > 0) byKey.set(key, rest);
      else byKey.delete(key);
    }
    keysOf.delete(mapId);
  };
  const add = (listener: Listener): void => {
    const keys = [...new Set(listener.events.map((event) => keyOf(listener.accountId, listener.objectTypeId, event)))];
    for (const key of keys) byKey.set(key, [...(byKey.get(key) ?? []), listener]);
    keysOf.set(listener.mapId, [...(keysOf.get(listener.mapId) ?? []), ...keys]);
  };

  return {
    async refresh() {
      const latest = await getListenersRevision(db);
      if (latest === revision) return;
      for (const {
        _id: mapId,
        name: mapName,
        accountId,
        objectTypeId,
        publishedNumber,
        listenersRevision,
      } of await findPublishedSince(db, revision)) {
        // Read first, then change at once: events are looked up meanwhile, and must never find a map half replaced.
        const version = publishedNumber === null ? null : await getVersion(db, { mapId, number: publishedNumber });
        remove(mapId);
        for (const element of version?.elements ?? []) {
          if (!version || element.kind !== 'trigger') continue;
          const { events, condition } = element.settings;
          add({
            accountId,
            objectTypeId,
            mapId,
            mapName,
            versionNumber: version.number,
            elementId: element.id,
            events,
            condition,
            reentry: version.settings.reentry,
          });
        }
        revision = Math.max(revision, listenersRevision);
      }
      revision = Math.max(revision, latest);
    },
    find: ({ accountId, objectTypeId, fact }) => byKey.get(keyOf(accountId, objectTypeId, fact)) ?? [],
  };
}
