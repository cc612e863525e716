import type { AccountId } from '../schemas/ids';
import type { Collection, Database, Session } from './database';
import { MAPS } from './maps';
import { MESSAGES } from './messages';
import { RULES } from './rules';
import { SUBSCRIPTIONS } from './subscriptions';
import { VERSIONS } from './versions';
import { WEBHOOKS } from './webhooks';

type Named = { _id: string };
const PLACES: readonly [what: string, from: Collection<never>][] = [
  ['a webhook', WEBHOOKS as unknown as Collection<never>],
  ['a map', MAPS as unknown as Collection<never>],
  ['a version of a map', VERSIONS as unknown as Collection<never>],
  ['a rule', RULES as unknown as Collection<never>],
  ['a message', MESSAGES as unknown as Collection<never>],
  ['a subscription', SUBSCRIPTIONS as unknown as Collection<never>],
];

/**
 * Where a field is named: by its id in conditions and actions, or by its label in merge fields. Reads everything of the
 * account that could name it, so it is for changes of the object types only. It may find a field of the same name of
 * another type.
 *
 * @returns "a webhook (whk_...)", or null
 */
export async function findFieldUse(
  db: Database,
  session: Session,
  of: { accountId: AccountId; fieldId: string; label: string },
): Promise<string | null> {
  const marks = [`"${of.fieldId}"`, `[${of.label}`, `//${of.label}`].map((mark) => mark.toLowerCase());
  for (const [what, from] of PLACES) {
    const rows = db
      .model(from as Collection<Named & { accountId: AccountId }>)
      .find({ accountId: of.accountId }, null, { session })
      .lean<Named[]>()
      .cursor();
    for await (const row of rows) {
      const text = JSON.stringify(row).toLowerCase();
      if (marks.some((mark) => text.includes(mark))) return `${what} (${row._id})`;
    }
  }
  return null;
}
