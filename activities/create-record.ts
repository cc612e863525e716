import { makeMergeSource } from '../domain/merge-values';
import { parseFieldValues, relationsIn } from '../domain/parse-field-values';
import { renderTemplate } from '../domain/render-template';
import type { Action } from '../schemas/action';
import type { FieldValue, FieldValues } from '../schemas/field';
import { OBJECT_TYPE, type ObjectType } from '../schemas/object-type';
import type { RecordFacts } from '../schemas/record';
import type { Database, Session } from '../store/database';
import { listObjectTypes } from '../store/object-types';
import { findRecordsByIds, insertRecord } from '../store/records';
import type { By, Firing } from './fire-rule';
import { openFrameReader } from './frame-reader';
import { readMergeValues } from './read-merge-record';

const TEXT_CHARS_MAX = 65_535;

/** A record that an action makes, its values filled in; `did` says so as a sentence. */
export interface PreparedRecord {
  objectTypeId: number;
  fields: FieldValues;
  did: string;
}
type Maker = Extract<Action, { kind: 'create-record' | 'add-note' }>;
type Filled = PreparedRecord | { problem: string };

/**
 * The records that a rule's actions will make, by the place of the action; nothing is written yet.
 *
 * @param of.states the record before each action
 * @returns a problem (a sentence) when one of them cannot be made
 * @throws MongoDB's errors
 * @source docs/rules.md
 */
export async function prepareRecords(
  db: Database,
  session: Session,
  of: Firing & { states: readonly RecordFacts[] },
): Promise<Map<number, PreparedRecord> | { problem: string }> {
  const { rule, record, states } = of;
  const prepared = new Map<number, PreparedRecord>();
  const makers = rule.settings.actions.map((action) => (isMaker(action) ? action : null));
  if (makers.every((maker) => maker === null)) return prepared;

  const { accountId, updatedAt: editedAt } = rule;
  const types = new Map((await listObjectTypes(db, accountId, session)).map((type) => [type.objectTypeId, type]));
  const objectType = types.get(record.objectTypeId);
  const reader = { db, frames: openFrameReader(db) };
  for (const [place, maker] of makers.entries()) {
    if (!maker || !objectType) continue;
    const at = { _id: record._id, fields: states[place]?.fields ?? record.fields };
    const templates = templatesOf(maker);
    const merged = await readMergeValues(reader, { accountId, editedAt, templates, record: at, objectType });
    const source = makeMergeSource(merged, objectType);
    const fill = (template: string) => renderTemplate(template, source, 'text');
    const filled =
      maker.kind === 'add-note'
        ? fillNote(fill(maker.text), of)
        : await fillRecord(db, session, { ...of, maker, fill, type: types.get(maker.objectTypeId) });
    if ('problem' in filled) return { problem: `action ${place + 1} could not be done: ${filled.problem}` };
    prepared.set(place, filled);
  }
  return prepared;
}

const isMaker = (action: Action): action is Maker => action.kind === 'create-record' || action.kind === 'add-note';

const templatesOf = (maker: Maker): string[] =>
  maker.kind === 'add-note' ? [maker.text] : Object.values(maker.fields).filter((value) => typeof value === 'string');

const fillNote = (text: string, { record }: Firing): Filled =>
  text.length > TEXT_CHARS_MAX
    ? { problem: `the note would have ${text.length} characters; at most ${TEXT_CHARS_MAX} are kept` }
    : { objectTypeId: OBJECT_TYPE.note, fields: { data: text, about_record: record._id }, did: 'added a note' };

async function fillRecord(
  db: Database,
  session: Session,
  of: Firing & {
    maker: Extract<Action, { kind: 'create-record' }>;
    fill: (template: string) => string;
    type: ObjectType | undefined;
  },
): Promise<Filled> {
  const { maker, fill, type, record } = of;
  if (!type) return { problem: 'its object type is not there' };
  const given = Object.entries(maker.fields).map(([fieldId, value]): [string, FieldValue] => [
    fieldId,
    typeof value === 'string' ? fill(value) : value,
  ]);
  const { values, problems } = parseFieldValues(Object.fromEntries(given), type.fields);
  const labelOf = (fieldId: string) => type.fields.find(({ id }) => id === fieldId)?.label ?? fieldId;
  const [problem] = problems;
  if (problem) return { problem: `${labelOf(problem.path.replace(/^fields\./, ''))} ${problem.message}` };
  const long = given.find(([, value]) => typeof value === 'string' && value.length > TEXT_CHARS_MAX);
  if (long) return { problem: `${labelOf(long[0])} must have at most ${TEXT_CHARS_MAX} characters` };
  const dead = await findDead(db, session, { accountId: record.accountId, values, type });
  if (dead) return { problem: `${labelOf(dead)} leads to no record of the right object type` };
  const fields = { ...values, ...(maker.relate ? { [maker.relate]: record._id } : {}) };
  return { objectTypeId: type.objectTypeId, fields, did: `created a record of ${type.plural}` };
}

/** The first relation that leads nowhere. */
async function findDead(
  db: Database,
  session: Session,
  of: Pick<Firing['record'], 'accountId'> & { values: FieldValues; type: ObjectType },
): Promise<string | undefined> {
  const relations = relationsIn(of.values, of.type.fields);
  const recordIds = relations.map(({ recordId }) => recordId);
  const found = await findRecordsByIds(db, { accountId: of.accountId, recordIds }, session);
  const typeOf = new Map(found.map(({ _id, objectTypeId }) => [_id, objectTypeId]));
  return relations.find(({ recordId, objectTypeId }) => typeOf.get(recordId) !== objectTypeId)?.fieldId;
}

/** Makes a record that was prepared; its fact says which rule made it. */
export async function createRecord(
  db: Database,
  session: Session,
  of: Firing & { by: By; made: PreparedRecord },
): Promise<void> {
  const { objectTypeId, fields } = of.made;
  const facts = [{ type: 'record.created' as const }];
  await insertRecord(db, session, { accountId: of.event.accountId, objectTypeId, fields, tagIds: [], facts, ...of.by });
}
