import { z } from 'zod';
import { AppError } from '../../lib/errors';
import { FIELD_TYPES, type Field, fieldId, fieldSchema } from '../../schemas/field';
import type { Database, Session } from '../../store/database';
import { findFieldUse } from '../../store/find-field-use';
import { nextNumber } from '../../store/numbers';
import { appendField, getObjectType, type StoredObjectType, saveFields } from '../../store/object-types';
import { parseGiven } from '../problem';
import { flag, objectID, optional } from './parameters';
import { readCall, writeCall } from './route';

const tag = 'Objects';
const FIRST_CUSTOM = 1500;
const RELATIONS = 'parent';

const options = z.union([
  z.array(z.string()).max(500),
  z.object({ add: z.array(z.string()).max(500).default([]) }).strict(),
]);
const column = z.object({
  alias: z.string().trim().max(80).optional(),
  type: z.enum(FIELD_TYPES).exclude([RELATIONS]).optional(),
  required: flag.default(false),
  unique: flag.default(false),
  options: optional(options),
  id: z.unknown().optional(),
  field: optional(fieldId),
});
type Column = z.output<typeof column>;
const columns = z.preprocess(
  (given) => (Array.isArray(given) && given.some((one) => !Array.isArray(one)) ? [given] : given),
  z.array(z.array(column).max(300)).max(20),
);
const sectionShape = { objectID, name: optional(z.string().max(100)), fields: columns };
const description =
  'Each object type has one section. "fields" is a list of columns, each a list of fields; the answer says of each field how it went.';
const answer = { success: { f1500: 'Favorite Color' }, error: [] };

interface Outcome {
  success: Record<string, string>;
  error: string[];
}

/** The fields of object types, as Ontraport's field editor takes and tells them. */
export const fieldEditorRoutes = [
  readCall({
    method: 'get',
    path: '/objects/fieldeditor',
    tag,
    summary: 'List the fields of an object type by sections',
    parameters: z.object({ objectID, section: z.unknown().optional() }),
    example: { objectID: 0 },
    answer: [{ id: '1', name: 'Contact Information', fields: [[{ field: 'firstname', alias: 'First Name' }]] }],
    handler: async ({ db }, { account, given }) => {
      const type = await getObjectType(db, account._id, given.objectID);
      const fields = type.fields.map((field, index) => ({
        id: String(index + 1),
        alias: field.label,
        field: field.id,
        type: field.type,
        required: '0',
        unique: '0',
        editable: '1',
        ...(field.options ? { options: field.options } : {}),
      }));
      return { data: [{ id: '1', name: `${type.name} Information`, fields: [fields] }] };
    },
  }),
  writeCall({
    method: 'post',
    path: '/objects/fieldeditor',
    tag,
    summary: 'Add fields to an object type',
    description,
    parameters: z.object(sectionShape),
    answer,
    handler: ({ db }, { account, given }, session) =>
      each(given, async (one) => {
        refuseRules(one);
        const id = one.field ?? `f${FIRST_CUSTOM - 1 + (await nextNumber(db, account._id, 'fields'))}`;
        const wanted = {
          id,
          label: one.alias,
          type: one.type ?? 'text',
          ...(one.options ? { options: namesIn(one) } : {}),
        };
        const field = parseGiven(fieldSchema, wanted);
        await appendField(db, session, { accountId: account._id, objectTypeId: given.objectID, field });
        return field;
      }),
  }),
  writeCall({
    method: 'put',
    path: '/objects/fieldeditor',
    tag,
    summary: 'Change the label or the options of fields',
    description: `${description} A label that merge fields name stays; options are added and never taken away.`,
    parameters: z.object(sectionShape),
    answer,
    handler: ({ db }, { account, given }, session) =>
      each(given, async (one) => {
        refuseRules(one);
        const type = await getObjectType(db, account._id, given.objectID, session);
        const field = fieldOf(type, one);
        if (one.type && one.type !== field.type)
          throw new AppError('request.invalid', { detail: 'The type of a field stays.' });
        const isRenamed = one.alias !== undefined && one.alias !== field.label;
        if (isRenamed) await refuseUsed(db, session, type, field);
        const added = [...new Set([...(field.options ?? []), ...namesIn(one)])];
        const changed = parseGiven(fieldSchema, {
          ...field,
          label: one.alias ?? field.label,
          ...(added.length > 0 ? { options: added } : {}),
        });
        const isTaken = type.fields.some(
          ({ id, label }) => id !== field.id && label.toLowerCase() === changed.label.toLowerCase(),
        );
        if (isTaken) throw new AppError('object-type.exists');
        await saveFields(
          db,
          session,
          type,
          type.fields.map((old) => (old.id === field.id ? changed : old)),
        );
        return changed;
      }),
  }),
  writeCall({
    method: 'delete',
    path: '/objects/fieldeditor',
    tag,
    summary: 'Take fields that were added off an object type',
    description: `${description} A field that a map, a rule, a webhook or a subscription names stays.`,
    parameters: z.object({
      objectID,
      field: optional(fieldId),
      section: z.unknown().optional(),
      fields: optional(columns),
    }),
    answer,
    handler: ({ db }, { account, given }, session) =>
      each({ fields: given.field ? [[column.parse({ field: given.field })]] : (given.fields ?? []) }, async (one) => {
        const type = await getObjectType(db, account._id, given.objectID, session);
        const field = fieldOf(type, one);
        if (!/^f\d+$/.test(field.id))
          throw new AppError('field.in-use', { detail: 'Only fields added here are taken off.' });
        await refuseUsed(db, session, type, field);
        await saveFields(
          db,
          session,
          type,
          type.fields.filter(({ id }) => id !== field.id),
        );
        return field;
      }),
  }),
];

/** Does one thing for each field; a refusal is told in the answer and leaves the others as they are. */
async function each(given: { fields: Column[][] }, act: (one: Column) => Promise<Field>): Promise<{ data: Outcome }> {
  const data: Outcome = { success: {}, error: [] };
  for (const one of given.fields.flat()) {
    try {
      const { id, label } = await act(one);
      data.success[id] = label;
    } catch (error) {
      if (!(error instanceof AppError) || error.status >= 500 || error.code === 'object-type.not-found') throw error;
      const problems = (error.facts.problems ?? []).map(({ path, message }) => `${path} ${message}`);
      data.error.push(`${one.alias ?? one.field ?? '(no name)'}: ${problems.join('; ') || error.message}`);
    }
  }
  return { data };
}

const namesIn = ({ options: given }: Column): string[] => (Array.isArray(given) ? given : (given?.add ?? []));

function refuseRules({ required, unique }: Column): void {
  if (required || unique)
    throw new AppError('request.invalid', { detail: 'Fields here are neither required nor unique.' });
}

function fieldOf(type: StoredObjectType, one: Column): Field {
  const field = type.fields.find(({ id, label }) => (one.field ? id === one.field : label === one.alias));
  if (!field) throw new AppError('request.invalid', { detail: `There is no such field of ${type.plural}.` });
  return field;
}

async function refuseUsed(db: Database, session: Session, type: StoredObjectType, field: Field): Promise<void> {
  const place = await findFieldUse(db, session, { accountId: type.accountId, fieldId: field.id, label: field.label });
  if (place) throw new AppError('field.in-use', { detail: `It is named by ${place}.` });
}
