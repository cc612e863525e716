import { now } from '../lib/clock';
import { AppError } from '../lib/errors';
import type { AccountId, SubscriptionId } from '../schemas/ids';
import type { Page, PageQuery } from '../schemas/page';
import type { StoredSubscription } from '../schemas/subscription';
import { raiseListenersRevision } from './counters';
import { collection, type Database, Mixed, type Session } from './database';
import { NUMBER_INDEX, nextNumber } from './numbers';
import { listPage } from './page';

/** Deleted subscriptions are kept this long, so that every pump hears of it. */
const DELETED_KEPT_SECONDS = 7 * 24 * 3600;

export const SUBSCRIPTIONS = collection<StoredSubscription>({
  name: 'subscriptions',
  shape: {
    _id: String,
    accountId: String,
    number: Number,
    settings: Mixed,
    eventString: String,
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

type Of = { accountId: AccountId; subscriptionId: SubscriptionId };

/** Subscriptions changed after this revision, deleted ones too, in the order of their changes. */
export const findSubscriptionsSince = async (db: Database, listenersRevision: number): Promise<StoredSubscription[]> =>
  db
    .model(SUBSCRIPTIONS)
    .find({ listenersRevision: { $gt: listenersRevision } })
    .sort({ listenersRevision: 1 })
    .lean<StoredSubscription[]>();

/** The subscription, or null when there is none (any more). */
export const findSubscription = async (db: Database, of: Of, session?: Session): Promise<StoredSubscription | null> =>
  db
    .model(SUBSCRIPTIONS)
    .findOne({ _id: of.subscriptionId, accountId: of.accountId, deletedAt: null }, null, session ? { session } : {})
    .lean<StoredSubscription>();

/** The subscription with this decimal id, or null when there is none (any more). */
export const findSubscriptionByNumber = async (
  db: Database,
  of: { accountId: AccountId; number: number },
  session?: Session,
): Promise<StoredSubscription | null> =>
  db
    .model(SUBSCRIPTIONS)
    .findOne({ ...of, deletedAt: null }, null, session ? { session } : {})
    .lean<StoredSubscription>();

/** @throws AppError `subscription.not-found` */
export async function getSubscription(db: Database, of: Of, session?: Session): Promise<StoredSubscription> {
  const subscription = await findSubscription(db, of, session);
  if (!subscription) throw new AppError('subscription.not-found');
  return subscription;
}

/** Creates a subscription; every pump knows it before the next batch of events. */
export async function insertSubscription(
  db: Database,
  session: Session,
  given: Pick<StoredSubscription, '_id' | 'accountId' | 'settings' | 'eventString' | 'webhookId'>,
): Promise<StoredSubscription> {
  const at = now();
  const subscription: StoredSubscription = {
    ...given,
    number: await nextNumber(db, given.accountId, 'subscriptions'),
    listenersRevision: await raiseListenersRevision(db, session),
    createdAt: at,
    updatedAt: at,
    deletedAt: null,
  };
  await db.model(SUBSCRIPTIONS).create([subscription], { session });
  return subscription;
}

/** Changes a subscription, or deletes it, and has every pump look at it again. @throws AppError `subscription.not-found` */
export async function saveSubscription(
  db: Database,
  session: Session,
  edit: Of & Partial<Pick<StoredSubscription, 'settings' | 'eventString' | 'deletedAt'>>,
): Promise<StoredSubscription> {
  const { accountId, subscriptionId, ...change } = edit;
  const before = await getSubscription(db, { accountId, subscriptionId }, session);
  const set = { ...change, updatedAt: now(), listenersRevision: await raiseListenersRevision(db, session) };
  await db.model(SUBSCRIPTIONS).updateOne({ _id: subscriptionId, accountId }, { $set: set }, { session });
  return { ...before, ...set };
}

/** The account's subscriptions, newest first. */
export const listSubscriptions = (
  db: Database,
  accountId: AccountId,
  page: PageQuery,
): Promise<Page<StoredSubscription>> => listPage(db, SUBSCRIPTIONS, { accountId, deletedAt: null }, page);
