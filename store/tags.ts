import { now } from '../lib/clock';
import { AppError } from '../lib/errors';
import { newId } from '../lib/ids';
import type { AccountId, TagId } from '../schemas/ids';
import type { Page, PageQuery } from '../schemas/page';
import { collection, type Database, isDuplicate, type Session } from './database';
import { NUMBER_INDEX, nextNumber } from './numbers';
import { listPage } from './page';

/** A tag; `key` is its name in lower case, unique in the account. */
export interface StoredTag {
  _id: TagId;
  accountId: AccountId;
  /** Its decimal id in the API under /1 */
  number: number;
  name: string;
  key: string;
  createdAt: Date;
}

export const TAGS = collection<StoredTag>({
  name: 'tags',
  shape: { _id: String, accountId: String, number: Number, name: String, key: String, createdAt: Date },
  indexes: [[{ accountId: 1, key: 1 }, { unique: true }], [{ accountId: 1, _id: -1 }], NUMBER_INDEX],
});

/** Creates a tag. @throws AppError `tag.exists` */
export async function saveTag(
  db: Database,
  session: Session,
  tag: { accountId: AccountId; name: string },
): Promise<StoredTag> {
  const number = await nextNumber(db, tag.accountId, 'tags');
  const stored: StoredTag = { ...tag, number, _id: newId('tag'), key: tag.name.toLowerCase(), createdAt: now() };
  try {
    await db.model(TAGS).create([stored], { session });
  } catch (error) {
    throw isDuplicate(error) ? new AppError('tag.exists', {}, { cause: error }) : error;
  }
  return stored;
}

/** Gives a tag another name. @throws AppError `tag.exists` */
export async function renameTag(db: Database, session: Session, tag: StoredTag, name: string): Promise<StoredTag> {
  const set = { name, key: name.toLowerCase() };
  try {
    await db.model(TAGS).updateOne({ _id: tag._id, accountId: tag.accountId }, { $set: set }, { session });
  } catch (error) {
    throw isDuplicate(error) ? new AppError('tag.exists', {}, { cause: error }) : error;
  }
  return { ...tag, ...set };
}

/** The tags with these names, in their order; missing ones are created. */
export async function saveTagsByName(
  db: Database,
  session: Session,
  tags: { accountId: AccountId; names: string[] },
): Promise<StoredTag[]> {
  if (tags.names.length === 0) return [];
  const keys = tags.names.map((name) => name.toLowerCase());
  const known = await db
    .model(TAGS)
    .find({ accountId: tags.accountId, key: { $in: keys } }, null, { session })
    .lean<StoredTag[]>();
  const byKey = new Map(known.map((tag) => [tag.key, tag]));
  for (const name of tags.names) {
    const key = name.toLowerCase();
    if (!byKey.has(key)) byKey.set(key, await saveTag(db, session, { accountId: tags.accountId, name }));
  }
  return keys.flatMap((key) => byKey.get(key) ?? []);
}

/** The tags with these names that exist. */
export const findTagsByName = async (
  db: Database,
  accountId: AccountId,
  names: string[],
  session?: Session,
): Promise<StoredTag[]> =>
  db
    .model(TAGS)
    .find({ accountId, key: { $in: names.map((name) => name.toLowerCase()) } }, null, session ? { session } : {})
    .lean<StoredTag[]>();

/** The tags with these ids that exist in the account. */
export const findTags = async (
  db: Database,
  accountId: AccountId,
  ids: TagId[],
  session?: Session,
): Promise<StoredTag[]> =>
  ids.length === 0
    ? []
    : db
        .model(TAGS)
        .find({ accountId, _id: { $in: ids } }, null, session ? { session } : {})
        .lean<StoredTag[]>();

/** The account's tags, newest first. */
export const listTags = (db: Database, accountId: AccountId, page: PageQuery): Promise<Page<StoredTag>> =>
  listPage(db, TAGS, { accountId }, page);
