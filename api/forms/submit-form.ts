import { readSubmission } from '../../domain/read-submission';
import { AppError } from '../../lib/errors';
import { newSecret } from '../../lib/ids';
import type { FormOutcome } from '../../schemas/event';
import type { FieldValues } from '../../schemas/field';
import { FORM_EXTRAS, type StoredForm } from '../../schemas/form';
import type { RecordId } from '../../schemas/ids';
import type { Problem } from '../../schemas/problem';
import { type Database, type Session, transaction } from '../../store/database';
import { findAnswer, saveAnswer } from '../../store/idempotency';
import { takeLock } from '../../store/locks';
import { getObjectType, type StoredObjectType } from '../../store/object-types';
import { appendRecordFacts } from '../../store/records';
import { findTags } from '../../store/tags';
import { createPurchase, type Purchased } from '../handlers/create-purchase';
import { readFieldValues } from '../handlers/read-field-values';
import { changeRecord, createRecord, saveRecord } from '../handlers/save-record';
import { orderPriceOf } from './order-price';
import type { PaymentAdapter } from './payment-adapter';

/** What became of a post: nothing was written when there are problems; their paths are names in the post. */
export type Submitted = { problems: Problem[] } | { problems: null; outcome: FormOutcome };

type Posted = Readonly<Record<string, unknown>>;

/**
 * Takes a post of a form: checks it, has an order paid, then writes the record, its tags, a purchase and the fact
 * `form.submitted` in one transaction. The same submission again changes nothing.
 *
 * @param given.posted   names and values as they came
 * @param given.payments asked before anything is written, with the same key for the same submission
 * @throws AppError `form.without-price`, `object-type.not-found`
 * @source docs/forms.md
 */
export async function submitForm(
  db: Database,
  form: StoredForm,
  given: { posted: Posted; payments: PaymentAdapter },
): Promise<Submitted> {
  const { posted, payments } = given;
  const type = await getObjectType(db, form.accountId, form.settings.objectTypeId);
  const price = await orderPriceOf(db, form);
  const { values, problems } = await checkPosted(db, form, { posted, type });
  const card = textIn(posted, FORM_EXTRAS.card, 100);
  if (price && !card) problems.push({ path: FORM_EXTRAS.card, message: 'must be filled in' });
  if (problems.length > 0) return { problems };

  const submission = textIn(posted, FORM_EXTRAS.submission, 100);
  const key = `form ${form._id} ${submission ?? newSecret()}`;
  const write = (outcome: FormOutcome | null) =>
    transaction(db, (session) =>
      writeSubmission(db, session, { form, values, outcome, key, amount: price?.amount ?? null }),
    );
  const known = submission && price ? await write(null) : null;
  if (known) return { problems: null, outcome: known };
  const currency = form.settings.order?.currency ?? '';
  const paid = price
    ? await payments.pay({ amount: price.amount, currency, card: card ?? '', key })
    : { outcome: 'success' as const };
  if (paid.outcome === 'refused') return { problems: [{ path: FORM_EXTRAS.card, message: paid.message }] };
  return { problems: null, outcome: (await write(paid.outcome)) ?? paid.outcome };
}

/** Values by the types of their fields; the path of a problem is the id of the field. */
async function checkPosted(
  db: Database,
  form: StoredForm,
  given: { posted: Posted; type: StoredObjectType },
): Promise<{ values: FieldValues; problems: Problem[] }> {
  const { values, problems } = readSubmission(form.settings, given.posted, given.type.fields);
  try {
    const read = await transaction(db, (session) => readFieldValues(db, session, values, given.type));
    return { values: read, problems };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'request.invalid') throw error;
    const more = (error.facts.problems ?? []).map(({ path, message }) => ({
      path: path.replace(/^fields\./, ''),
      message,
    }));
    return { values, problems: [...problems, ...more] };
  }
}

/**
 * Writes a submission, unless it was a success before: then that outcome is returned.
 *
 * @param given.outcome null only looks whether it was
 * @param given.amount  what was paid for an order, null for a form without one
 */
async function writeSubmission(
  db: Database,
  session: Session,
  given: {
    form: StoredForm;
    values: FieldValues;
    outcome: FormOutcome | null;
    key: string;
    amount: number | null;
  },
): Promise<FormOutcome | null> {
  const { form, values, outcome, key, amount } = given;
  const { accountId, settings } = form;
  const of = { accountId, key, requestHash: '' };
  await takeLock(db, session, key);
  const known = await findAnswer(db, session, of);
  if (known || outcome === null) return known ? 'success' : null;

  const { objectTypeId, matchBy } = settings;
  const isMatched = matchBy !== null && (values[matchBy] ?? '') !== '';
  const make = { accountId, objectTypeId, fields: values, tags: [] };
  const record = await (isMatched ? saveRecord(db, session, { ...make, matchBy }) : createRecord(db, session, make));
  if (outcome === 'success') {
    const add = (await findTags(db, accountId, settings.tagIds, session)).map(({ _id }) => _id);
    await changeRecord(db, session, record, { fields: {}, add, remove: [] });
    if (amount !== null) await purchaseByForm(db, session, { form, recordId: record._id, amount });
    await saveAnswer(db, session, of, { status: 200, body: null });
  }
  const facts = [{ type: 'form.submitted' as const, formId: form._id, outcome, data: values }];
  await appendRecordFacts(db, session, { accountId, recordId: record._id, facts, hops: 0 });
  return outcome;
}

/** The purchase that an order form stands for. @throws AppError as `createPurchase` does, and `form.without-order` */
export function purchaseByForm(
  db: Database,
  session: Session,
  of: { form: StoredForm; recordId: RecordId; amount: number },
): Promise<Purchased> {
  const { accountId, number, settings } = of.form;
  if (!settings.order) throw new AppError('form.without-order');
  const items = [{ productId: settings.order.productId, quantity: 1, price: of.amount }];
  return createPurchase(db, session, { accountId, recordId: of.recordId, items, formNumber: number });
}

const textIn = (posted: Posted, name: string, lengthMax: number): string | null => {
  const value = Object.hasOwn(posted, name) ? posted[name] : null;
  return typeof value === 'string' && value !== '' && value.length <= lengthMax ? value : null;
};
