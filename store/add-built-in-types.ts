import type { AccountId } from '../schemas/ids';
import { BUILT_IN_OBJECT_TYPES, type ObjectType } from '../schemas/object-type';
import { ACCOUNTS } from './accounts';
import { type Database, type Session, transaction } from './database';
import { listObjectTypes, OBJECT_TYPES, objectTypeKey } from './object-types';

/**
 * Gives accounts of before the built-in object types and fields that have been added since. What an account has stays as
 * it is: a field whose id or label is taken is left out, and a type whose name is taken gets its number behind it.
 *
 * @throws MongoDB's errors; may run again at any time
 */
export async function addBuiltInTypes(db: Database): Promise<void> {
  const accounts = db.model(ACCOUNTS).find({}, { _id: 1 }).lean<{ _id: AccountId }[]>().cursor();
  for await (const { _id } of accounts) await transaction(db, (session) => complete(db, session, _id));
}

async function complete(db: Database, session: Session, accountId: AccountId): Promise<void> {
  const there = await listObjectTypes(db, accountId, session);
  const names = new Set(there.map(({ name }) => name));
  for (const type of BUILT_IN_OBJECT_TYPES) {
    const { objectTypeId } = type;
    const known = there.find((one) => one.objectTypeId === objectTypeId);
    if (!known) {
      const name = names.has(type.name) ? `${type.name} (${objectTypeId})` : type.name;
      const stored = { ...type, name, _id: objectTypeKey(accountId, objectTypeId), accountId, isBuiltIn: true };
      await db.model(OBJECT_TYPES).create([stored], { session });
      continue;
    }
    const fields = [...known.fields, ...type.fields.filter((field) => !isTaken(known, field))];
    if (fields.length > known.fields.length)
      await db.model(OBJECT_TYPES).updateOne({ _id: known._id }, { $set: { fields } }, { session });
  }
}

const isTaken = (type: ObjectType, field: ObjectType['fields'][number]): boolean =>
  type.fields.some(({ id, label }) => id === field.id || label.toLowerCase() === field.label.toLowerCase());
