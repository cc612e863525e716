import type { z } from 'zod';
import { AppError } from '../../lib/errors';
import type { formPayment, formPaymentSchema } from '../../schemas/form';
import type { AccountId, FormId } from '../../schemas/ids';
import type { Database, Session } from '../../store/database';
import { getForm } from '../../store/forms';
import { appendRecordFacts } from '../../store/records';
import { orderPriceOf } from '../forms/order-price';
import { purchaseByForm } from '../forms/submit-form';
import { invalid } from '../problem';
import { showRecord } from './record-answer';

const DATA_BYTES_MAX = 16_384;

/** How the payment of an order form ended elsewhere. @throws AppError `form.not-found`, `form.without-order`, `form.without-price`, `record.not-found` */
export async function reportPayment(
  db: Database,
  session: Session,
  given: z.output<typeof formPayment> & { accountId: AccountId; formId: FormId },
): Promise<z.input<typeof formPaymentSchema>> {
  const { accountId, formId, recordId, outcome, data } = given;
  const form = await getForm(db, { accountId, formId }, session);
  const price = await orderPriceOf(db, form, session);
  if (!price) throw new AppError('form.without-order');
  if (Buffer.byteLength(JSON.stringify(data)) > DATA_BYTES_MAX)
    throw invalid({ path: 'data', message: 'must be at most 16 KiB as JSON' });
  const bought =
    outcome === 'success' ? await purchaseByForm(db, session, { form, recordId, amount: price.amount }) : null;
  const facts = [{ type: 'form.submitted' as const, formId, outcome, data }];
  await appendRecordFacts(db, session, { accountId, recordId, facts, hops: 0 });
  const [purchase] = bought?.purchases ?? [];
  return {
    outcome,
    purchase: purchase ? await showRecord(db, purchase, session) : null,
    transaction: bought ? await showRecord(db, bought.transaction, session) : null,
  };
}
