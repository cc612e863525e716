import type { Known } from '../../domain/check-reference';
import type { Referred } from '../../domain/references';
import type { AccountId } from '../../schemas/ids';
import type { ObjectType } from '../../schemas/object-type';
import type { Database, Session } from '../../store/database';
import { findReferred } from '../../store/find-referred';
import { listObjectTypes } from '../../store/object-types';

/** What the account has now of what a map or a rule names, for the checks in `domain/check-reference.ts`. */
export async function readKnown(
  db: Database,
  of: { accountId: AccountId; objectType: ObjectType; referred: Referred },
  session?: Session,
): Promise<Known> {
  const { tags, webhooks, maps, products, forms, inbounds, messages } = await findReferred(
    db,
    of.accountId,
    of.referred,
    session,
  );
  const types = await listObjectTypes(db, of.accountId, session);
  return {
    objectType: of.objectType,
    tagIds: new Set(tags.map(({ _id }) => _id)),
    webhooks: new Map(webhooks.map((webhook) => [webhook._id, webhook])),
    maps: new Map(maps.map((map) => [map._id, map])),
    productIds: new Set(products.map(({ _id }) => _id)),
    forms: new Map(forms.map((form) => [form._id, form])),
    inbounds: new Map(inbounds.map((inbound) => [inbound._id, inbound])),
    messages: new Map(messages.map((message) => [message._id, message])),
    objectTypes: new Map(types.map((type) => [type.objectTypeId, type])),
  };
}
