import type { StoredVersion } from '../schemas/automation-map';
import type { AccountId, FormId } from '../schemas/ids';
import type { Database, Session } from './database';
import { MAPS } from './maps';
import { RULES } from './rules';
import { SUBSCRIPTIONS } from './subscriptions';
import { VERSIONS } from './versions';

type Named = { _id: string };

/**
 * What listens for a form beside its own rules: a map by its draft or its published version, a global rule, a
 * subscription. Older versions don't count: no record enters by them.
 *
 * @returns "a map (map_...)", or null
 */
export async function findFormUse(
  db: Database,
  session: Session,
  of: { accountId: AccountId; formId: FormId },
): Promise<string | null> {
  const { accountId, formId } = of;
  const find = (from: Parameters<Database['model']>[0], filter: object) =>
    db
      .model(from)
      .findOne({ accountId, ...filter } as object, { _id: 1 }, { session })
      .lean<Named>();
  const map =
    (await find(MAPS as never, { 'draft.elements.settings.events.formId': formId })) ??
    (await findPublished(db, session, of));
  if (map) return `a map (${map._id})`;
  const rule = await find(RULES as never, {
    deletedAt: null,
    formId: { $ne: formId },
    'settings.events.formId': formId,
  });
  if (rule) return `a rule (${rule._id})`;
  const subscription = await find(SUBSCRIPTIONS as never, { deletedAt: null, 'settings.event.formId': formId });
  return subscription ? `a subscription (${subscription._id})` : null;
}

async function findPublished(
  db: Database,
  session: Session,
  { accountId, formId }: { accountId: AccountId; formId: FormId },
): Promise<Named | null> {
  const versions = await db
    .model(VERSIONS)
    .find({ accountId, 'elements.settings.events.formId': formId } as object, { mapId: 1, number: 1 }, { session })
    .lean<Pick<StoredVersion, 'mapId' | 'number'>[]>();
  for (const { mapId, number } of versions) {
    const filter = { _id: mapId, accountId, publishedNumber: number };
    const map = await db
      .model(MAPS)
      .findOne(filter as object, { _id: 1 }, { session })
      .lean<Named>();
    if (map) return map;
  }
  return null;
}
