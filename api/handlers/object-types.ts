import { z } from 'zod';
import type { Field } from '../../schemas/field';
import type { AccountId } from '../../schemas/ids';
import { newField, newObjectType, objectTypeId, objectTypeSchema } from '../../schemas/object-type';
import { pageOf } from '../../schemas/page';
import type { Problem } from '../../schemas/problem';
import type { Database, Session } from '../../store/database';
import { appendField, getObjectType, listObjectTypes, saveObjectType } from '../../store/object-types';
import { refuse } from '../problem';
import { readRoute, writeRoute } from '../route';

const common = { scope: 'key', tag: 'Object types' } as const;
const params = z.object({ objectTypeId });

/** Kinds of things and their fields. */
export const objectTypeRoutes = [
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/object-types',
    summary: 'List object types with their fields',
    description: 'There are few, so the list has no pages.',
    response: pageOf(objectTypeSchema),
    handler: async ({ db }, { account }) => ({ items: await listObjectTypes(db, account._id), nextCursor: null }),
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/object-types',
    summary: 'Create a custom object type',
    body: newObjectType,
    example: { name: 'Invoice', plural: 'Invoices', fields: [{ id: 'total', label: 'Total', type: 'price' }] },
    status: 201,
    response: objectTypeSchema,
    handler: async ({ db }, { account, body }, session) => {
      refuse(findRepeats(body.fields));
      const paths = body.fields.map((field, index) => ({ field, path: `fields.${index}.objectTypeId` }));
      await refuseDeadRelations(db, session, account._id, paths);
      return saveObjectType(db, session, { accountId: account._id, ...body });
    },
  }),
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/object-types/:objectTypeId',
    summary: 'Get an object type',
    params,
    response: objectTypeSchema,
    handler: ({ db }, { account, params }) => getObjectType(db, account._id, params.objectTypeId),
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/object-types/:objectTypeId/fields',
    summary: 'Add a field to an object type',
    params,
    body: newField,
    example: { id: 'favorite_color', label: 'Favorite Color', type: 'text' },
    status: 201,
    response: objectTypeSchema,
    handler: async ({ db }, { account, params, body }, session) => {
      await refuseDeadRelations(db, session, account._id, [{ field: body, path: 'objectTypeId' }]);
      return appendField(db, session, { accountId: account._id, objectTypeId: params.objectTypeId, field: body });
    },
  }),
];

/** A relation must lead to an object type that is there. A new type can lead to itself by a field added later. */
async function refuseDeadRelations(
  db: Database,
  session: Session,
  accountId: AccountId,
  fields: readonly { field: Field; path: string }[],
): Promise<void> {
  const relations = fields.filter(({ field }) => field.objectTypeId !== undefined);
  if (relations.length === 0) return;
  const types = await listObjectTypes(db, accountId, session);
  const names = types.map((type) => `${type.objectTypeId} (${type.name})`).join(', ');
  refuse(
    relations
      .filter(({ field }) => !types.some((type) => type.objectTypeId === field.objectTypeId))
      .map(({ path }) => ({ path, message: `names no object type of the account; it has ${names}` })),
  );
}

/** Ids and labels must each be there once: merge fields name labels, without regard to case. */
const findRepeats = (fields: readonly Field[]): Problem[] =>
  fields.flatMap((field, index) => {
    const before = fields.slice(0, index);
    const label = field.label.toLowerCase();
    return [
      ...(before.some(({ id }) => id === field.id) ? [`fields.${index}.id`] : []),
      ...(before.some((other) => other.label.toLowerCase() === label) ? [`fields.${index}.label`] : []),
    ].map((path) => ({ path, message: 'is there twice' }));
  });
