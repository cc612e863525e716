import type { Listener } from '../../domain/route-event';
import type { StoredMap } from '../../schemas/automation-map';
import type { Database } from '../../store/database';
import { findPublishedSince } from '../../store/maps';
import { findRulesSince } from '../../store/rules';
import { findSubscriptionsSince } from '../../store/subscriptions';
import { getVersion } from '../../store/versions';

/** What one map, rule or subscription listens for since its latest change; nothing when it is paused or deleted. */
export interface Changed {
  ownerId: string;
  listenersRevision: number;
  listeners: Listener[];
}

/** Everything that listens and was changed after this revision, each as it is now. */
export async function findListenersSince(db: Database, revision: number): Promise<Changed[]> {
  const [maps, rules, subscriptions] = await Promise.all([
    findPublishedSince(db, revision),
    findRulesSince(db, revision),
    findSubscriptionsSince(db, revision),
  ]);
  return [
    ...(await Promise.all(maps.map((stored) => entrancesOf(db, stored)))),
    ...rules.map(({ _id, accountId, listenersRevision, settings, isPaused, deletedAt }): Changed => {
      const { name: ruleName, objectTypeId, events } = settings;
      const listener: Listener = { kind: 'rule', accountId, objectTypeId, events, ruleId: _id, ruleName };
      return { ownerId: _id, listenersRevision, listeners: isPaused || deletedAt ? [] : [listener] };
    }),
    ...subscriptions.map(({ _id, accountId, listenersRevision, settings, deletedAt }): Changed => {
      const { objectTypeId, event } = settings;
      const listener: Listener = {
        kind: 'subscription',
        accountId,
        objectTypeId,
        events: [event],
        subscriptionId: _id,
      };
      return { ownerId: _id, listenersRevision, listeners: deletedAt ? [] : [listener] };
    }),
  ];
}

async function entrancesOf(db: Database, stored: StoredMap): Promise<Changed> {
  const { _id: mapId, name: mapName, accountId, objectTypeId, publishedNumber, listenersRevision } = stored;
  const version = publishedNumber === null ? null : await getVersion(db, { mapId, number: publishedNumber });
  const listeners = (version?.elements ?? []).flatMap((element): Listener[] => {
    if (!version || (element.kind !== 'trigger' && element.kind !== 'goal')) return [];
    const { events, condition } = element.settings;
    const { number: versionNumber, settings } = version;
    const { reentry } = settings;
    const of = {
      accountId,
      objectTypeId,
      events,
      condition,
      mapId,
      mapName,
      versionNumber,
      elementId: element.id,
      reentry,
    };
    return [
      element.kind === 'goal' ? { kind: 'goal', ...of, reach: element.settings.reach } : { kind: 'trigger', ...of },
    ];
  });
  return { ownerId: mapId, listenersRevision, listeners };
}
