import type { AccountId } from '../schemas/ids';
import type { Collection, Database } from './database';
import { DELIVERIES } from './deliveries';
import { ENTRIES } from './entries';
import { EVENTS } from './events';
import { JOBS } from './jobs';
import { KEYS } from './keys';
import { MAPS } from './maps';
import { RECORDS } from './records';
import { RULES } from './rules';
import { SUBSCRIPTIONS } from './subscriptions';
import { TAGS } from './tags';
import { WEBHOOKS } from './webhooks';

const NAMED: readonly [name: string, from: unknown][] = [
  ['recordId', RECORDS],
  ['tagId', TAGS],
  ['mapId', MAPS],
  ['entryId', ENTRIES],
  ['eventId', EVENTS],
  ['webhookId', WEBHOOKS],
  ['deliveryId', DELIVERIES],
  ['jobId', JOBS],
  ['keyId', KEYS],
  ['ruleId', RULES],
  ['subscriptionId', SUBSCRIPTIONS],
];

/** The newest id of each kind that the account has, by the name that parameters have for it: `recordId`. */
export async function findNewestIds(db: Database, accountId: AccountId): Promise<Record<string, string>> {
  const found = await Promise.all(
    NAMED.map(async ([name, from]) => {
      const model = db.model(from as Collection<{ _id: string; accountId: AccountId }>);
      const newest = await model.findOne({ accountId }, { _id: 1 }).sort({ _id: -1 }).lean<{ _id: string }>();
      return newest ? [[name, newest._id] as const] : [];
    }),
  );
  return Object.fromEntries(found.flat());
}
