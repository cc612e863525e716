import type { StoredVersion } from '../schemas/automation-map';
import type { FactType } from '../schemas/event';
import type { AccountId } from '../schemas/ids';
import type { ListenedEvent } from '../schemas/listened-event';
import type { Database } from './database';
import { MAPS } from './maps';
import { RULES } from './rules';
import { SUBSCRIPTIONS } from './subscriptions';
import { VERSIONS } from './versions';

/** What is listened for, of records of one object type, or of any when null. */
export interface Listened<T extends FactType> {
  objectTypeId: number | null;
  listened: Extract<ListenedEvent, { type: T }>;
}

/**
 * What of these kinds the account's published maps, rules and subscriptions listen for now; the same may come several
 * times. It looks through the account's versions, so it is not for the path of an event.
 */
export async function findListened<T extends FactType>(
  db: Database,
  accountId: AccountId,
  types: readonly T[],
): Promise<Listened<T>[]> {
  const $in = [...types];
  const [maps, rules, subscriptions] = await Promise.all([
    findOfMaps(db, accountId, types),
    db
      .model(RULES)
      .find({ accountId, 'settings.events.type': { $in }, isPaused: false, deletedAt: null } as object)
      .lean(),
    db
      .model(SUBSCRIPTIONS)
      .find({ accountId, 'settings.event.type': { $in }, deletedAt: null } as object)
      .lean(),
  ]);
  return [
    ...maps,
    ...rules.flatMap(({ settings }) => among(types, settings.objectTypeId, settings.events)),
    ...subscriptions.flatMap(({ settings }) => among(types, settings.objectTypeId, [settings.event])),
  ];
}

async function findOfMaps<T extends FactType>(
  db: Database,
  accountId: AccountId,
  types: readonly T[],
): Promise<Listened<T>[]> {
  const versions = await db
    .model(VERSIONS)
    .find({ accountId, 'elements.settings.events.type': { $in: [...types] } } as object, {
      mapId: 1,
      number: 1,
      elements: 1,
    })
    .lean<Pick<StoredVersion, 'mapId' | 'number' | 'elements'>[]>();
  const mapIds = [...new Set(versions.map(({ mapId }) => mapId))];
  const maps = await db
    .model(MAPS)
    .find({ _id: { $in: mapIds }, accountId } as object, { publishedNumber: 1, objectTypeId: 1 })
    .lean();
  const mapOf = new Map(maps.map((map) => [map._id, map]));
  return versions.flatMap(({ mapId, number, elements }) => {
    const map = mapOf.get(mapId);
    const events = elements.flatMap((element) =>
      element.kind === 'trigger' || element.kind === 'goal' ? element.settings.events : [],
    );
    return map?.publishedNumber === number ? among(types, map.objectTypeId, events) : [];
  });
}

const among = <T extends FactType>(
  types: readonly T[],
  objectTypeId: number | null,
  events: readonly ListenedEvent[],
): Listened<T>[] =>
  events
    .filter((listened): listened is Listened<T>['listened'] => (types as readonly string[]).includes(listened.type))
    .map((listened) => ({ objectTypeId, listened }));
