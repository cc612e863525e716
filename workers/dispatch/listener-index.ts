import { keyOfListened, keysOfFact } from '../../domain/event-keys';
import type { Listener } from '../../domain/route-event';
import type { Fact, FactType } from '../../schemas/event';
import type { AccountId } from '../../schemas/ids';
import { getListenersRevision } from '../../store/counters';
import type { Database } from '../../store/database';
import { findListenersSince } from './find-listeners';

/** Who listens to what: triggers of maps, rules, subscriptions, found by key, so that their number does not matter. */
export interface ListenerIndex {
  /** Takes in what was changed since; after it, no change committed before the call is missing */
  refresh(): Promise<void>;
  find(event: { accountId: AccountId; objectTypeId: number; fact: Fact }): Listener[];
  /** Accounts in which anybody listens for any of these; looks through all keys, so not for the path of an event */
  accountsListeningTo(types: readonly FactType[]): AccountId[];
}

/**
 * An index in memory. `refresh` costs one read of one small document when nothing was changed; that makes it exact,
 * where a change stream would only be soon. Source: docs/decisions.md.
 */
export function openListenerIndex(db: Database): ListenerIndex {
  /** Listeners by key, of each owner its own */
  const byKey = new Map<string, Map<string, Listener[]>>();
  const keysOf = new Map<string, Set<string>>();
  let revision = 0;

  const remove = (ownerId: string): void => {
    for (const key of keysOf.get(ownerId) ?? []) {
      const owners = byKey.get(key);
      owners?.delete(ownerId);
      if (owners?.size === 0) byKey.delete(key);
    }
    keysOf.delete(ownerId);
  };
  const add = (ownerId: string, listener: Listener): void => {
    const { accountId, objectTypeId, events } = listener;
    const keys = keysOf.get(ownerId) ?? new Set<string>();
    keysOf.set(ownerId, keys);
    for (const key of new Set(events.map((event) => keyOfListened(accountId, objectTypeId, event)))) {
      keys.add(key);
      const owners = byKey.get(key) ?? new Map<string, Listener[]>();
      byKey.set(key, owners);
      owners.set(ownerId, [...(owners.get(ownerId) ?? []), listener]);
    }
  };

  const takeIn = async (): Promise<void> => {
    const latest = await getListenersRevision(db);
    if (latest === revision) return;
    // Read first, then change at once: events are looked up meanwhile, and must never find a map half replaced.
    for (const { ownerId, listenersRevision, listeners } of await findListenersSince(db, revision)) {
      remove(ownerId);
      for (const listener of listeners) add(ownerId, listener);
      revision = Math.max(revision, listenersRevision);
    }
    revision = Math.max(revision, latest);
  };

  let refreshing = Promise.resolve();
  return {
    refresh() {
      // One after the other: of two at once, the one that read earlier could put back what the other has replaced.
      refreshing = refreshing.catch(() => undefined).then(takeIn);
      return refreshing;
    },
    find: ({ accountId, objectTypeId, fact }) => [
      ...new Set(
        keysOfFact(accountId, objectTypeId, fact).flatMap((key) => [...(byKey.get(key)?.values() ?? [])].flat()),
      ),
    ],
    accountsListeningTo: (types) => [
      ...new Set(
        [...byKey.keys()].flatMap((key) => {
          const [accountId, , type] = key.split(' ');
          return types.includes(type as FactType) ? [accountId as AccountId] : [];
        }),
      ),
    ],
  };
}
