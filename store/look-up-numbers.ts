import type { EventTarget } from '../schemas/event-catalogue';
import type { AccountId } from '../schemas/ids';
import type { Database, Session } from './database';
import type { Numbered } from './numbers';

/** Where the targets of events are kept that have decimal ids. */
export const NUMBERED_TARGETS = {
  tag: 'tags',
  form: 'forms',
  product: 'records',
  map: 'maps',
  inbound: 'inbounds',
} as const satisfies Partial<Record<NonNullable<EventTarget>, Numbered>>;

type Row = { _id: string; number?: number };

/**
 * Decimal ids of things of one kind, by their ids; what the account does not have is left out. Goes by the name of the
 * collection, so that all kinds go one way.
 */
export async function findNumbers(
  db: Database,
  kind: Numbered,
  of: { accountId: AccountId; ids: readonly string[] },
  session?: Session,
): Promise<Map<string, number>> {
  if (of.ids.length === 0) return new Map();
  const found = await db.connection
    .collection<Row>(kind)
    .find({ _id: { $in: [...of.ids] }, accountId: of.accountId } as object, {
      projection: { number: 1 },
      ...(session ? { session } : {}),
    })
    .toArray();
  return new Map(found.flatMap(({ _id, number }): [string, number][] => (number ? [[_id, number]] : [])));
}

/** The id of the thing of one kind that has this decimal id in the account, or null. */
export async function findIdByNumber(
  db: Database,
  kind: Numbered,
  of: { accountId: AccountId; number: number },
  session?: Session,
): Promise<string | null> {
  const found = await db.connection
    .collection<Row>(kind)
    .findOne({ accountId: of.accountId, number: of.number } as object, {
      projection: { _id: 1 },
      ...(session ? { session } : {}),
    });
  return found?._id ?? null;
}
