import { deriveId, newId } from '../../lib/ids';
import type { StoredMap, StoredVersion } from '../../schemas/automation-map';
import type { AccountId, TagId } from '../../schemas/ids';
import type { StoredRule } from '../../schemas/rule';
import type { StoredSubscription } from '../../schemas/subscription';
import { COUNTERS } from '../../store/counters';
import { type Database, insertPlain } from '../../store/database';
import { MAPS } from '../../store/maps';
import { RULES } from '../../store/rules';
import { SUBSCRIPTIONS } from '../../store/subscriptions';
import { VERSIONS } from '../../store/versions';

/** The tag that the n-th map, the n-th rule and the n-th subscription listen for. */
export const tagOf = (n: number): TagId => deriveId('tag', n);

/**
 * Puts maps, rules and subscriptions in place, a third each, so that every tag has one of each.
 *
 * @param count of all together
 */
export async function fillListeners(db: Database, accountId: AccountId, count: number): Promise<void> {
  const maps: StoredMap[] = [];
  const versions: StoredVersion[] = [];
  const rules: StoredRule[] = [];
  const subscriptions: StoredSubscription[] = [];
  for (let n = 0; n < count; n++) {
    const event = { type: 'tag.added' as const, tagId: tagOf(Math.floor(n / 3)) };
    const at = new Date();
    const common = { accountId, number: n, listenersRevision: n + 1, createdAt: at, updatedAt: at };
    if (n % 3 === 0) {
      const mapId = newId('map');
      const drawing = {
        settings: { reentry: 'always' as const },
        elements: [
          { id: 'start', kind: 'trigger' as const, title: 'Start', settings: { events: [event] } },
          { id: 'end', kind: 'end' as const, title: '', settings: {} },
        ],
        edges: [{ from: 'start', port: 'next', to: 'end' }],
      };
      maps.push({
        ...common,
        _id: mapId,
        name: `Map ${n}`,
        objectTypeId: 0,
        draft: drawing,
        draftRevision: 1,
        publishedNumber: 1,
        publishedAt: at,
      });
      const version = { _id: newId('version'), accountId, mapId, number: 1, hash: '', note: '', publishedAt: at };
      versions.push({ ...version, ...drawing });
    } else if (n % 3 === 1) {
      const settings = { name: `Rule ${n}`, objectTypeId: 0, events: [event], actions: [] };
      rules.push({ ...common, _id: newId('rule'), settings, formId: null, isPaused: false, deletedAt: null });
    } else {
      const settings: StoredSubscription['settings'] = {
        event,
        objectTypeId: null,
        url: 'https://example.com/',
        format: 'default',
        encoding: 'json',
        requestsPerMinute: 180,
      };
      const webhookId = newId('webhook');
      subscriptions.push({
        ...common,
        _id: newId('subscription'),
        settings,
        eventString: '',
        webhookId,
        deletedAt: null,
      });
    }
  }
  await insertPlain(db, MAPS, maps, null);
  await insertPlain(db, VERSIONS, versions, null);
  await insertPlain(db, RULES, rules, null);
  await insertPlain(db, SUBSCRIPTIONS, subscriptions, null);
  await db.model(COUNTERS).updateOne({ _id: 'listeners' }, { $set: { value: count } }, { upsert: true });
}
