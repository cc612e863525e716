import type { AccountId, SubscriptionId } from '../schemas/ids';
import type { StoredSubscription } from '../schemas/subscription';
import { collection, type Database, Mixed, type Session } from './database';
import { NUMBER_INDEX } from './numbers';

/** Deleted subscriptions are kept this long, so that every pump hears of it. */
const DELETED_KEPT_SECONDS = 7 * 24 * 3600;

export const SUBSCRIPTIONS = collection<StoredSubscription>({
  name: 'subscriptions',
  shape: {
    _id: String,
    accountId: String,
    number: Number,
    settings: Mixed,
    webhookId: String,
    listenersRevision: Number,
    createdAt: Date,
    updatedAt: Date,
    deletedAt: Date,
  },
  indexes: [
    [{ accountId: 1, _id: -1 }],
    [{ listenersRevision: 1 }],
    [{ deletedAt: 1 }, { expireAfterSeconds: DELETED_KEPT_SECONDS }],
    NUMBER_INDEX,
  ],
});

/** Subscriptions changed after this revision, deleted ones too, in the order of their changes. */
export const findSubscriptionsSince = async (db: Database, listenersRevision: number): Promise<StoredSubscription[]> =>
  db
    .model(SUBSCRIPTIONS)
    .find({ listenersRevision: { $gt: listenersRevision } })
    .sort({ listenersRevision: 1 })
    .lean<StoredSubscription[]>();

/** The subscription, or null when there is none (any more). */
export const findSubscription = async (
  db: Database,
  of: { accountId: AccountId; subscriptionId: SubscriptionId },
  session?: Session,
): Promise<StoredSubscription | null> =>
  db
    .model(SUBSCRIPTIONS)
    .findOne({ _id: of.subscriptionId, accountId: of.accountId, deletedAt: null }, null, session ? { session } : {})
    .lean<StoredSubscription>();
