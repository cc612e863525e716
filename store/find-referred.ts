import type { StoredMap } from '../schemas/automation-map';
import type { StoredForm } from '../schemas/form';
import type { AccountId, FormId, InboundId, MapId, MessageId, RecordId, TagId, WebhookId } from '../schemas/ids';
import type { StoredInbound } from '../schemas/inbound';
import type { StoredMessage } from '../schemas/message';
import type { StoredRecord } from '../schemas/record';
import type { StoredWebhook } from '../schemas/webhook';
import type { Collection, Database, Session } from './database';
import { FORMS } from './forms';
import { INBOUNDS } from './inbounds';
import { findMaps } from './maps';
import { findMessages } from './messages';
import { findRecordsByIds } from './records';
import { findTags, type StoredTag } from './tags';
import { findWebhooks } from './webhooks';

/** Object type of products, by Ontraport's number. */
const PRODUCT_TYPE = 16;

/** What maps and rules name, as far as the account has it, in no order. */
export interface FoundReferred {
  tags: StoredTag[];
  /** Without those of subscriptions, which are nobody else's */
  webhooks: StoredWebhook[];
  maps: StoredMap[];
  products: Pick<StoredRecord, '_id' | 'fields'>[];
  forms: Pick<StoredForm, '_id' | 'settings'>[];
  inbounds: Pick<StoredInbound, '_id' | 'settings'>[];
  messages: StoredMessage[];
}

/** Looks up what is named, in one query for each kind that there is. With a session as of the transaction. */
export async function findReferred(
  db: Database,
  accountId: AccountId,
  of: {
    tagIds: TagId[];
    webhookIds: WebhookId[];
    mapIds: MapId[];
    productIds: RecordId[];
    formIds: FormId[];
    inboundIds: InboundId[];
    messageIds: MessageId[];
  },
  session?: Session,
): Promise<FoundReferred> {
  const tags = await findTags(db, accountId, of.tagIds, session);
  const webhooks = await findWebhooks(db, accountId, of.webhookIds, session);
  const maps = await findMaps(db, accountId, of.mapIds, session);
  const products = await findRecordsByIds(db, { accountId, recordIds: of.productIds }, session);
  const forms = await findSettings<StoredForm>(db, FORMS, { accountId, ids: of.formIds }, session);
  const inbounds = await findSettings<StoredInbound>(db, INBOUNDS, { accountId, ids: of.inboundIds }, session);
  const messages = await findMessages(db, accountId, of.messageIds, session);
  return {
    forms,
    inbounds,
    messages,
    tags,
    webhooks: webhooks.filter(({ owner }) => !owner),
    maps,
    products: products.filter(({ objectTypeId }) => objectTypeId === PRODUCT_TYPE),
  };
}

/** Those of these ids that the account has, with their settings alone. */
async function findSettings<D extends { _id: string; accountId: AccountId; settings: object }>(
  db: Database,
  from: Collection<D>,
  of: { accountId: AccountId; ids: D['_id'][] },
  session?: Session,
): Promise<Pick<D, '_id' | 'settings'>[]> {
  if (of.ids.length === 0) return [];
  return db
    .model(from)
    .find({ _id: { $in: of.ids }, accountId: of.accountId } as object, { settings: 1 }, session ? { session } : {})
    .lean<Pick<D, '_id' | 'settings'>[]>();
}
