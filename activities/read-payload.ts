import { targetsOf } from '../domain/event-keys';
import { numberedKindOf, targetIdOf } from '../domain/subscription-event';
import { type PayloadRecord, renderPayload } from '../domain/subscription-payload';
import { AppError } from '../lib/errors';
import type { Fact, StoredEvent } from '../schemas/event';
import type { Field } from '../schemas/field';
import type { RecordId } from '../schemas/ids';
import type { StoredRecord } from '../schemas/record';
import type { StoredSubscription } from '../schemas/subscription';
import type { Database } from '../store/database';
import { findDeletion } from '../store/find-event';
import { findNumbers, NUMBERED_TARGETS } from '../store/numbers';
import { getObjectType } from '../store/object-types';
import { findRecord } from '../store/records';

/** One more than a request may have: a longer payload fails visibly when it is sent, instead of filling the log. */
const PAYLOAD_CHARS_MAX = 1_048_577;

/**
 * Renders what a subscriber is told of an event.
 *
 * @param of.record the event's record as it is now; null when it is gone
 * @throws MongoDB's errors
 * @source docs/subscriptions.md#payloads
 */
export async function readPayload(
  db: Database,
  of: { subscription: StoredSubscription; event: StoredEvent; record: StoredRecord | null },
): Promise<string> {
  const { subscription, event } = of;
  const { fact, objectTypeId, at } = event;
  const record = (await findMeant(db, event)) ?? of.record;
  const [target, about, goneId] = await Promise.all([
    readTarget(db, subscription, event),
    record ? readAbout(db, record, subscription) : null,
    record ? '' : readGoneId(db, event),
  ]);
  const told = { fact, target, objectTypeId, at, about, goneId };
  return renderPayload(subscription, told).slice(0, PAYLOAD_CHARS_MAX);
}

/** A purchase is told of by itself, not by who bought; as long as there is a record of it. */
async function findMeant(db: Database, { accountId, fact }: StoredEvent): Promise<StoredRecord | null> {
  const recordId = meantBy(fact);
  return recordId ? findRecord(db, { accountId, recordId }) : null;
}

function meantBy(fact: Fact): RecordId | null {
  switch (fact.type) {
    case 'product.purchased':
    case 'product.refunded':
      return fact.purchaseId;
    case 'transaction.added':
      return fact.transactionId;
    default:
      return null;
  }
}

/** Of several products of a transaction a subscription is told of the one that it names. */
async function readTarget(
  db: Database,
  { settings }: StoredSubscription,
  { accountId, fact }: StoredEvent,
): Promise<string | undefined> {
  if (fact.type === 'date-field.reached') return fact.fieldId;
  const [first] = targetsOf(fact);
  const kind = numberedKindOf(fact.type);
  if (!kind || first === undefined) return first;
  const id = targetIdOf(settings.event)?.id ?? first;
  const numbers = await findNumbers(db, NUMBERED_TARGETS[kind], { accountId, ids: [id] });
  return String(numbers.get(id) ?? id);
}

async function readAbout(
  db: Database,
  record: StoredRecord,
  { settings: { format } }: StoredSubscription,
): Promise<PayloadRecord> {
  if (format === 'notify') return { record, fields: [], tagNumbers: [], numberOf: () => '' };
  const { accountId, tagIds } = record;
  const fields = await readFields(db, record);
  const parents = fields.flatMap(({ id, type }) => (type === 'parent' ? [record.fields[id]] : []));
  const ids = parents.filter((id): id is string => typeof id === 'string' && id !== '');
  const [related, tags] = await Promise.all([
    findNumbers(db, 'records', { accountId, ids }),
    findNumbers(db, 'tags', { accountId, ids: format === 'default' ? tagIds : [] }),
  ]);
  const tagNumbers = tagIds.flatMap((id) => tags.get(id) ?? []);
  return { record, fields, tagNumbers, numberOf: (id) => String(related.get(id) ?? '') };
}

/** Fields of the record's object type; of one that is not described, those that the record has. */
async function readFields(db: Database, record: StoredRecord): Promise<readonly Field[]> {
  try {
    return (await getObjectType(db, record.accountId, record.objectTypeId)).fields;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'object-type.not-found') throw error;
    return Object.keys(record.fields).map((id) => ({ id, label: id, type: 'text' as const }));
  }
}

/** Its decimal id stands in the fact of its deletion. */
async function readGoneId(db: Database, event: StoredEvent): Promise<string> {
  const { fact, recordId } = event;
  const deletion = fact.type === 'record.deleted' ? fact : await findDeletion(db, event);
  return String(deletion?.number ?? recordId);
}
