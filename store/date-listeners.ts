import type { StoredVersion } from '../schemas/automation-map';
import type { AccountId } from '../schemas/ids';
import type { DateTarget } from '../schemas/job';
import type { ListenedEvent } from '../schemas/listened-event';
import type { Database } from './database';
import { MAPS } from './maps';
import { RULES } from './rules';
import { SUBSCRIPTIONS } from './subscriptions';
import { VERSIONS } from './versions';

const DATES = { $in: ['date-field.reached', 'date.reached'] };

/** What of dates the account's published maps, rules and subscriptions listen for now; the same may come several times. */
export async function findDateTargets(db: Database, accountId: AccountId): Promise<DateTarget[]> {
  const [maps, rules, subscriptions] = await Promise.all([
    findOfMaps(db, accountId),
    db
      .model(RULES)
      .find({ accountId, 'settings.events.type': DATES, isPaused: false, deletedAt: null } as object)
      .lean(),
    db
      .model(SUBSCRIPTIONS)
      .find({ accountId, 'settings.event.type': DATES, deletedAt: null } as object)
      .lean(),
  ]);
  return [
    ...maps,
    ...rules.flatMap(({ settings }) => datesAmong(settings.objectTypeId, settings.events)),
    ...subscriptions.flatMap(({ settings }) => datesAmong(settings.objectTypeId, [settings.event])),
  ];
}

async function findOfMaps(db: Database, accountId: AccountId): Promise<DateTarget[]> {
  const versions = await db
    .model(VERSIONS)
    .find({ accountId, 'elements.settings.events.type': DATES } as object, { mapId: 1, number: 1, elements: 1 })
    .lean<Pick<StoredVersion, 'mapId' | 'number' | 'elements'>[]>();
  const mapIds = [...new Set(versions.map(({ mapId }) => mapId))];
  const maps = await db
    .model(MAPS)
    .find({ _id: { $in: mapIds }, accountId } as object, { publishedNumber: 1, objectTypeId: 1 })
    .lean();
  return versions.flatMap(({ mapId, number, elements }) => {
    const map = maps.find(({ _id, publishedNumber }) => _id === mapId && publishedNumber === number);
    const events = elements.flatMap((element) => (element.kind === 'trigger' ? element.settings.events : []));
    return map ? datesAmong(map.objectTypeId, events) : [];
  });
}

const datesAmong = (objectTypeId: number | null, events: readonly ListenedEvent[]): DateTarget[] =>
  events.flatMap((listened) =>
    listened.type === 'date-field.reached' || listened.type === 'date.reached' ? [{ objectTypeId, listened }] : [],
  );
