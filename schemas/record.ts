import { z } from 'zod';
import { fieldId, fieldValueSchema } from './field';
import { type AccountId, idSchema, numberSchema, type RecordId, type TagId } from './ids';
import { objectTypeId } from './object-type';
import { pageQuery } from './page';

/** A record as rules see it: its values and the ids of its tags. */
export interface RecordFacts {
  fields: Record<string, z.output<typeof fieldValueSchema>>;
  tagIds: TagId[];
}

/** A stored record. `eventSeq` numbers the facts about it, so that they are handled in order. */
export interface StoredRecord extends RecordFacts {
  _id: RecordId;
  accountId: AccountId;
  objectTypeId: number;
  /** Its decimal id in the API under /1 */
  number: number;
  eventSeq: number;
  /** Seconds of quiet that its creation waited for; absent when it waited for none */
  settleSeconds?: number;
  createdAt: Date;
  updatedAt: Date;
}

const fields = z.record(fieldId, fieldValueSchema);
/** A tag by its name; one that does not exist yet is created. */
export const tagName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .meta({ description: 'A tag by name; created when there is none yet' });
const tagNames = z.array(tagName).max(100);

export const newRecord = z.object({
  objectTypeId: objectTypeId.default(0),
  fields: fields.default({}),
  tags: tagNames.default([]),
});
export const savedRecord = z.object({
  objectTypeId: objectTypeId.default(0),
  matchBy: fieldId
    .default('email')
    .meta({ description: 'Field that finds the record to update; without a match a record is created' }),
  fields,
  tags: tagNames.default([]),
});
export const changedRecord = z.object({ fields });
export const changedTags = z
  .object({ add: tagNames.default([]), remove: tagNames.default([]) })
  .refine((change) => change.add.length + change.remove.length > 0, {
    message: 'name at least one tag to add or remove',
  });

export const recordSchema = z
  .object({
    id: idSchema('record'),
    number: numberSchema,
    objectTypeId: z.number().int(),
    fields: z.record(z.string(), fieldValueSchema),
    tags: z.array(z.object({ id: idSchema('tag'), name: z.string() })),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Record' });

export const recordListQuery = pageQuery.extend({
  objectTypeId: objectTypeId.optional(),
  tag: z.string().max(100).optional().meta({ description: 'Only records that have this tag (its name)' }),
  email: z.string().max(320).optional().meta({ description: 'Only the record with this e-mail address' }),
});

export const tagSchema = z
  .object({ id: idSchema('tag'), number: numberSchema, name: z.string(), createdAt: z.iso.datetime() })
  .meta({ id: 'Tag' });
export const newTag = z.object({ name: tagName });
