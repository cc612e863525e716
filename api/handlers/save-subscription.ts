import { checkSubscription, referencesOfSubscription } from '../../domain/check-subscription';
import { checkUrl } from '../../domain/check-url';
import { sortReferences } from '../../domain/references';
import { now } from '../../lib/clock';
import { newId } from '../../lib/ids';
import { newSigning } from '../../lib/secrets/webhook-secrets';
import type { StoredAccount } from '../../schemas/account';
import type { AccountId, SubscriptionId } from '../../schemas/ids';
import type { StoredSubscription, SubscriptionSettings } from '../../schemas/subscription';
import { type WebhookSettings, webhookSettings } from '../../schemas/webhook';
import type { Database, Session } from '../../store/database';
import { lockWebhookUse } from '../../store/locks';
import { getObjectType } from '../../store/object-types';
import { getSubscription, insertSubscription, saveSubscription } from '../../store/subscriptions';
import { deleteWebhook, getWebhook, insertWebhook, saveWebhook } from '../../store/webhooks';
import type { Api } from '../parts';
import { refuse } from '../problem';
import { writeEventString } from './event-string';
import { readKnown } from './read-known';
import { orderDropAll, orderNewTurns } from './webhook-status';

const NAME_CHARS_MAX = 100;
const CONTACT_TYPE = 0;
type Saving = Pick<Api, 'db' | 'keys' | 'isHostBlocked'>;

/**
 * Creates a subscription and its webhook after the checks.
 *
 * @returns with the signing secret, which is shown this once
 * @throws AppError `request.invalid` with paths inside `settings`, `object-type.not-found`
 */
export async function createSubscription(
  { db, keys, isHostBlocked }: Saving,
  session: Session,
  given: { account: StoredAccount; settings: SubscriptionSettings },
): Promise<{ subscription: StoredSubscription; signingSecret: string }> {
  const { account, settings } = given;
  const accountId = account._id;
  await refuseBadSettings({ db, isHostBlocked }, session, given);
  const eventString = await writeEventString(db, session, { accountId, settings });
  const _id = newId('subscription');
  const { secret: signingSecret, signing } = newSigning(keys, accountId);
  const webhook = await insertWebhook(db, session, {
    accountId,
    settings: webhookSettings.parse(carriedBy(settings, eventString)),
    signing,
    owner: { subscriptionId: _id },
  });
  const webhookId = webhook._id;
  const subscription = await insertSubscription(db, session, { _id, accountId, settings, eventString, webhookId });
  return { subscription, signingSecret };
}

/**
 * Replaces the settings of a subscription after the checks. What waits keeps its payload and goes to the new URL.
 *
 * @throws AppError `subscription.not-found`, `request.invalid` with paths inside `settings`, `object-type.not-found`
 */
export async function changeSubscription(
  { db, isHostBlocked }: Omit<Saving, 'keys'>,
  session: Session,
  edit: { account: StoredAccount; subscriptionId: SubscriptionId; settings: SubscriptionSettings },
): Promise<StoredSubscription> {
  const { account, subscriptionId, settings } = edit;
  const of = { accountId: account._id, subscriptionId };
  const before = await getSubscription(db, of, session);
  await refuseBadSettings({ db, isHostBlocked }, session, edit);
  const eventString = await writeEventString(db, session, { ...of, settings });
  const { webhookId } = before;
  const carrying = await getWebhook(db, { ...of, webhookId }, session);
  const changed = { ...carrying.settings, ...carriedBy(settings, eventString) };
  const webhook = await saveWebhook(db, session, { ...of, webhookId, settings: changed });
  if (settings.requestsPerMinute !== before.settings.requestsPerMinute) await orderNewTurns(db, session, webhook);
  return saveSubscription(db, session, { ...of, settings, eventString });
}

/**
 * Deletes a subscription with its webhook, and orders a job that cancels what was not delivered yet; its log stays.
 *
 * @throws AppError `subscription.not-found`
 */
export async function deleteSubscription(
  db: Database,
  session: Session,
  of: { accountId: AccountId; subscriptionId: SubscriptionId },
): Promise<void> {
  const { accountId } = of;
  const { webhookId, eventString } = await saveSubscription(db, session, { ...of, deletedAt: now() });
  await deleteWebhook(db, session, { accountId, webhookId });
  await orderDropAll(db, session, { accountId, webhookId, named: `subscription to ${eventString}` });
}

/** What of a subscription its webhook carries. */
const carriedBy = (
  { url, requestsPerMinute, objectTypeId }: SubscriptionSettings,
  eventString: string,
): Pick<WebhookSettings, 'name' | 'url' | 'requestsPerMinute' | 'objectTypeId'> => ({
  name: eventString.slice(0, NAME_CHARS_MAX),
  url,
  requestsPerMinute,
  objectTypeId: objectTypeId ?? 0,
});

async function refuseBadSettings(
  { db, isHostBlocked }: Pick<Saving, 'db' | 'isHostBlocked'>,
  session: Session,
  { account, settings }: { account: StoredAccount; settings: SubscriptionSettings },
): Promise<void> {
  const accountId = account._id;
  const { objectTypeId, event } = settings;
  if (event.type === 'form.submitted') await lockWebhookUse(db, session, accountId);
  const objectType = await getObjectType(db, accountId, objectTypeId ?? CONTACT_TYPE, session);
  const referred = sortReferences(referencesOfSubscription(settings));
  const known = await readKnown(db, { accountId, objectType, referred }, session);
  const badUrl = checkUrl(settings.url, { ...account.settings, isHostBlocked });
  refuse([...(badUrl ? [{ path: 'url', message: badUrl }] : []), ...checkSubscription(settings, known)], 'settings.');
}
