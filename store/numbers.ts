import type { EventTarget } from '../schemas/event-catalogue';
import type { AccountId } from '../schemas/ids';
import { COUNTERS } from './counters';
import type { Database, Session } from './database';

/** What has a decimal id beside its own, for the API under /1. */
export type Numbered =
  | 'records'
  | 'tags'
  | 'webhooks'
  | 'maps'
  | 'rules'
  | 'subscriptions'
  | 'forms'
  | 'messages'
  | 'inbounds'
  | 'fields'
  | 'accounts';

/** Numbers are unique in an account; documents of before they had one get theirs by `hookline setup`. */
export const NUMBER_INDEX: [Record<string, 1>, object] = [
  { accountId: 1, number: 1 },
  { unique: true, partialFilterExpression: { number: { $type: 'number' } } },
];

/** A test of `number` that its index serves: the index is partial, so MongoDB has to be told that numbers are meant. */
export const numberIs = (
  test: number | { $in: readonly number[] },
): { $type: 'number'; $eq?: number; $in?: readonly number[] } => ({
  $type: 'number',
  ...(typeof test === 'number' ? { $eq: test } : test),
});

/** Numbers taken at a time; those not used when a process ends leave a gap. */
const BLOCK = 100;
const reserved = new WeakMap<Database, Map<string, { next: number; end: number }>>();

/**
 * The next decimal id of one kind in one account, from 1. Taken outside any transaction, so that many may be made at
 * once: unique and growing in a process, with gaps.
 *
 * @throws MongoDB's errors
 */
export async function nextNumber(db: Database, accountId: AccountId | 'all', kind: Numbered): Promise<number> {
  const name = `number ${accountId} ${kind}`;
  const blocks = reserved.get(db) ?? new Map<string, { next: number; end: number }>();
  reserved.set(db, blocks);
  const block = blocks.get(name);
  if (block && block.next <= block.end) return block.next++;
  const size = kind === 'records' ? BLOCK : 1;
  const counter = await db
    .model(COUNTERS)
    .findOneAndUpdate({ _id: name }, { $inc: { value: size } }, { upsert: true, returnDocument: 'after' })
    .lean<{ value: number }>();
  const end = counter?.value ?? size;
  const start = end - size + 1;
  const known = blocks.get(name);
  // Of two blocks taken at once the first is used up, and the rest of the other left out.
  if (!known || known.next > known.end) blocks.set(name, { next: start + 1, end });
  return start;
}

/** The id that has this number in the account, or null. */
export async function findByNumber<T extends { _id: string }>(
  db: Database,
  from: Parameters<Database['model']>[0],
  of: { accountId: AccountId; number: number },
  session?: Session,
): Promise<T | null> {
  return db
    .model(from)
    .findOne({ accountId: of.accountId, number: numberIs(of.number) } as object, null, session ? { session } : {})
    .lean<T>();
}

/** Where the targets of events are kept that have decimal ids. */
export const NUMBERED_TARGETS = {
  tag: 'tags',
  form: 'forms',
  product: 'records',
  map: 'maps',
  inbound: 'inbounds',
} as const satisfies Partial<Record<NonNullable<EventTarget>, Numbered>>;

/** Ids by decimal id: those of one kind that the account has under these. */
export const findIds = async (
  db: Database,
  kind: Numbered,
  of: { accountId: AccountId; numbers: readonly number[] },
  session?: Session,
): Promise<Map<number, string>> => {
  const filter = { accountId: of.accountId, number: numberIs({ $in: [...of.numbers] }) };
  const found = of.numbers.length === 0 ? [] : await findNumbered(db, kind, filter, session);
  return new Map(found.map(({ _id, number }) => [number, _id]));
};

/** Decimal ids by id: those of one kind that the account has with these ids. */
export const findNumbers = async (
  db: Database,
  kind: Numbered,
  of: { accountId: AccountId; ids: readonly string[] },
  session?: Session,
): Promise<Map<string, number>> => {
  const filter = { accountId: of.accountId, _id: { $in: [...of.ids] }, number: { $type: 'number' } };
  const found = of.ids.length === 0 ? [] : await findNumbered(db, kind, filter, session);
  return new Map(found.map(({ _id, number }) => [_id, number]));
};

/** Goes by the name of the collection, so that all kinds go one way. */
const findNumbered = (
  db: Database,
  kind: Numbered,
  filter: object,
  session?: Session,
): Promise<{ _id: string; number: number }[]> =>
  db.connection
    .collection<{ _id: string; number: number }>(kind)
    .find(filter, { projection: { number: 1 }, ...(session ? { session } : {}) })
    .toArray();
