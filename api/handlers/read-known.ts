import type { Known } from '../../domain/check-reference';
import type { Referred } from '../../domain/references';
import type { AccountId } from '../../schemas/ids';
import type { ObjectType } from '../../schemas/object-type';
import type { Database, Session } from '../../store/database';
import { findReferred } from '../../store/find-referred';

/** What the account has now of what a map or a rule names, for the checks in `domain/check-reference.ts`. */
export async function readKnown(
  db: Database,
  of: { accountId: AccountId; objectType: ObjectType; referred: Referred },
  session?: Session,
): Promise<Known> {
  const { tags, webhooks, maps, products, formIds, inboundIds } = await findReferred(
    db,
    of.accountId,
    of.referred,
    session,
  );
  return {
    objectType: of.objectType,
    tagIds: new Set(tags.map(({ _id }) => _id)),
    webhooks: new Map(webhooks.map((webhook) => [webhook._id, webhook])),
    maps: new Map(maps.map((map) => [map._id, map])),
    productIds: new Set(products.map(({ _id }) => _id)),
    formIds: new Set(formIds),
    inboundIds: new Set(inboundIds),
  };
}
