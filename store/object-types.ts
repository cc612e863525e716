import { AppError } from '../lib/errors';
import type { Field } from '../schemas/field';
import type { AccountId } from '../schemas/ids';
import { BUILT_IN_OBJECT_TYPES, CUSTOM_OBJECT_TYPE_MIN, type ObjectType } from '../schemas/object-type';
import { collection, type Database, isDuplicate, Mixed, type Session } from './database';

/** A stored object type; `_id` is `{accountId}:{objectTypeId}`. */
export interface StoredObjectType extends ObjectType {
  _id: string;
  accountId: AccountId;
}

export const OBJECT_TYPES = collection<StoredObjectType>({
  name: 'object-types',
  shape: {
    _id: String,
    accountId: String,
    objectTypeId: Number,
    name: String,
    plural: String,
    isBuiltIn: Boolean,
    fields: Mixed,
  },
  indexes: [
    [{ accountId: 1, objectTypeId: 1 }, { unique: true }],
    [{ accountId: 1, name: 1 }, { unique: true }],
  ],
});

/** Key of an object type of an account. */
export const objectTypeKey = (accountId: AccountId, objectTypeId: number): string => `${accountId}:${objectTypeId}`;

/** Gives a new account the built-in object types. */
export async function saveBuiltInObjectTypes(db: Database, session: Session, accountId: AccountId): Promise<void> {
  const types = BUILT_IN_OBJECT_TYPES.map((type) => ({
    ...type,
    _id: objectTypeKey(accountId, type.objectTypeId),
    accountId,
    isBuiltIn: true,
  }));
  await db.model(OBJECT_TYPES).insertMany(types, { session });
}

/** @throws AppError `object-type.not-found` */
export async function getObjectType(
  db: Database,
  accountId: AccountId,
  objectTypeId: number,
  session?: Session,
): Promise<StoredObjectType> {
  const type = await db
    .model(OBJECT_TYPES)
    .findById(objectTypeKey(accountId, objectTypeId), null, session ? { session } : {})
    .lean<StoredObjectType>();
  if (!type) throw new AppError('object-type.not-found');
  return type;
}

/** All object types of the account by number; there are few, so the list has no pages. */
export const listObjectTypes = async (
  db: Database,
  accountId: AccountId,
  session?: Session,
): Promise<StoredObjectType[]> =>
  db
    .model(OBJECT_TYPES)
    .find({ accountId }, null, session ? { session } : {})
    .sort({ objectTypeId: 1 })
    .lean<StoredObjectType[]>();

/** Creates a custom object type under the next free number from 10000. @throws AppError `object-type.exists` */
export async function saveObjectType(
  db: Database,
  session: Session,
  type: { accountId: AccountId; name: string; plural: string; fields: Field[] },
): Promise<StoredObjectType> {
  const [latest] = await db
    .model(OBJECT_TYPES)
    .find({ accountId: type.accountId, objectTypeId: { $gte: CUSTOM_OBJECT_TYPE_MIN } }, null, { session })
    .sort({ objectTypeId: -1 })
    .limit(1)
    .lean<StoredObjectType[]>();
  const objectTypeId = latest ? latest.objectTypeId + 1 : CUSTOM_OBJECT_TYPE_MIN;
  const stored: StoredObjectType = {
    ...type,
    _id: objectTypeKey(type.accountId, objectTypeId),
    objectTypeId,
    isBuiltIn: false,
  };
  try {
    await db.model(OBJECT_TYPES).create([stored], { session });
  } catch (error) {
    throw isDuplicate(error) ? new AppError('object-type.exists', {}, { cause: error }) : error;
  }
  return stored;
}

/** Replaces the fields of an object type: for changes that whoever calls has checked. */
export async function saveFields(
  db: Database,
  session: Session,
  type: StoredObjectType,
  fields: Field[],
): Promise<StoredObjectType> {
  await db.model(OBJECT_TYPES).updateOne({ _id: type._id }, { $set: { fields } }, { session });
  return { ...type, fields };
}

/** Adds a field to an object type. @throws AppError `object-type.not-found`, `object-type.exists` for a taken id or label */
export async function appendField(
  db: Database,
  session: Session,
  at: { accountId: AccountId; objectTypeId: number; field: Field },
): Promise<StoredObjectType> {
  const type = await getObjectType(db, at.accountId, at.objectTypeId, session);
  const isTaken = type.fields.some(
    ({ id, label }) => id === at.field.id || label.toLowerCase() === at.field.label.toLowerCase(),
  );
  if (isTaken) throw new AppError('object-type.exists');
  const fields = [...type.fields, at.field];
  await db.model(OBJECT_TYPES).updateOne({ _id: type._id }, { $set: { fields } }, { session });
  return { ...type, fields };
}
