import { relationsIn } from '../../domain/parse-field-values';
import { dataOf, readMessage, valueAt } from '../../domain/read-message';
import { AppError } from '../../lib/errors';
import { hashText } from '../../lib/ids';
import type { Field, FieldValues } from '../../schemas/field';
import type { AccountId } from '../../schemas/ids';
import type { Received, StoredInbound } from '../../schemas/inbound';
import type { Problem } from '../../schemas/problem';
import { type Database, isDuplicate, type Session, transaction } from '../../store/database';
import { findReceipt, insertReceipt } from '../../store/inbound-receipts';
import { getObjectType } from '../../store/object-types';
import { appendRecordFacts } from '../../store/records';
import { findTags } from '../../store/tags';
import { checkStorable } from '../check-storable';
import type { Api } from '../parts';
import { checkRelations } from './check-relations';
import { changeRecord, saveRecord } from './save-record';

/** What was posted to a source. */
export interface Message {
  /** The body as it came */
  text: string;
  /** The body parsed: JSON, or a form as names and texts */
  value: unknown;
  headerOf(name: string): string | undefined;
}

const KEY_CHARS = 200;

/**
 * Takes a message once: the record is created or changed, gets its tags, and the fact is written, all in one transaction.
 *
 * @throws AppError `inbound.unmatched`
 */
export async function receiveMessage(
  { db }: Pick<Api, 'db'>,
  inbound: StoredInbound,
  message: Message,
): Promise<Received> {
  const key = keyOf(inbound, message);
  const receive = (): Promise<Received> =>
    transaction(db, (session) => receiveOnce(db, session, { inbound, message, key }));
  try {
    return await receive();
  } catch (error) {
    // Of two at once the later one finds the receipt of the other now.
    if (key === null || !isDuplicate(error)) throw error;
    return receive();
  }
}

async function receiveOnce(
  db: Database,
  session: Session,
  { inbound, message, key }: { inbound: StoredInbound; message: Message; key: string | null },
): Promise<Received> {
  const { _id: inboundId, accountId, settings } = inbound;
  const taken = key === null ? null : await findReceipt(db, session, { accountId, inboundId, key });
  if (taken) return { recordId: taken.recordId, isDuplicate: true, leftOut: [] };

  const { objectTypeId, matchBy } = settings;
  const type = await getObjectType(db, accountId, objectTypeId, session);
  const read = readMessage(message.value, settings.mapping, type.fields);
  const fields = read.values;
  const leftOut = [
    ...read.leftOut,
    ...(await dropWrong(db, session, { accountId, values: fields, fields: type.fields })),
  ];
  if ((fields[matchBy] ?? '') === '')
    throw new AppError('inbound.unmatched', { problems: problemsOf(matchBy, leftOut) });

  const saved = await saveRecord(db, session, { accountId, objectTypeId, matchBy, fields, tags: [] });
  const add = (await findTags(db, accountId, settings.addTagIds, session)).map(({ _id }) => _id);
  const { _id: recordId } = await changeRecord(db, session, saved, { fields: {}, add, remove: [] });
  const data = checkStorable(message.value).length === 0 ? dataOf(message.value, byteLength) : {};
  const facts = [{ type: 'inbound.received' as const, inboundId, data }];
  await appendRecordFacts(db, session, { accountId, recordId, facts, hops: 0 });
  if (key !== null) await insertReceipt(db, session, { accountId, inboundId, key, recordId });
  return { recordId, isDuplicate: false, leftOut };
}

/** Takes out values that cannot be stored, and relations that lead nowhere. */
async function dropWrong(
  db: Database,
  session: Session,
  { accountId, values, fields }: { accountId: AccountId; values: FieldValues; fields: readonly Field[] },
): Promise<Problem[]> {
  const dropped: Problem[] = [];
  const drop = (fieldId: string, { message }: Problem): void => {
    dropped.push({ path: `fields.${fieldId}`, message });
    delete values[fieldId];
  };
  for (const [fieldId, value] of Object.entries(values)) {
    const [problem] = checkStorable(value);
    if (problem) drop(fieldId, problem);
  }
  const relations = relationsIn(values, fields).map((relation) => ({ ...relation, path: relation.fieldId }));
  const dead = await checkRelations(db, { accountId, relations }, session);
  for (const { relation, problem } of dead) drop(relation.fieldId, problem);
  return dropped;
}

const problemsOf = (matchBy: string, leftOut: readonly Problem[]): Problem[] => {
  const path = `fields.${matchBy}`;
  const wrong = leftOut.filter((problem) => problem.path === path);
  return wrong.length > 0 ? wrong : [{ path, message: 'must be in the message, since it finds the record' }];
};

/** What tells this message from others; null when nothing does. */
function keyOf({ settings: { dedupeBy } }: StoredInbound, { headerOf, value }: Message): string | null {
  const given =
    dedupeBy === undefined
      ? (headerOf('webhook-id') ?? headerOf('idempotency-key'))
      : dedupeBy.kind === 'header'
        ? headerOf(dedupeBy.name)
        : valueAt(value, dedupeBy.path);
  const text = typeof given === 'string' || typeof given === 'number' ? String(given) : '';
  if (text === '') return null;
  return text.length > KEY_CHARS || checkStorable(text).length > 0 ? hashText(text) : text;
}

const byteLength = (text: string): number => Buffer.byteLength(text);
