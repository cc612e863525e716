import { valueIn } from '../../domain/derive-facts';
import { roundMoney } from '../../domain/price-items';
import { type Settlement, settleSale } from '../../domain/settle-sale';
import { AppError } from '../../lib/errors';
import type { RecordId } from '../../schemas/ids';
import { SALE_STATUS, UNSOLD_STATUSES } from '../../schemas/purchase';
import type { StoredRecord } from '../../schemas/record';
import type { Database, Session } from '../../store/database';
import { findPurchasesOf } from '../../store/purchases';
import { findRecord } from '../../store/records';
import { changeSpent } from './create-purchase';
import { amountIn, refundPurchase } from './refund-purchase';
import { changeRecord } from './save-record';

/**
 * Settles a transaction with its purchases. A refund is that of each purchase which was not refunded, and is told as such; a
 * void sale never was one; what was written off was never paid. The contact's `spent` follows.
 *
 * @param transaction a record of object type 46, as of the session
 * @throws AppError `transaction.settled`, `transaction.paid`, `purchase.not-found` for a refund of nothing
 * @source docs/forms.md#purchases
 */
export async function settleTransaction(
  db: Database,
  session: Session,
  of: { transaction: StoredRecord; settlement: Settlement },
): Promise<void> {
  const { transaction, settlement } = of;
  const { accountId, _id: transactionId } = transaction;
  const status = String(valueIn(transaction, 'status') ?? '');
  const settled = settleSale(status, settlement);
  if (settled.kind === 'refused') throw new AppError(settled.code);
  if (settled.kind === 'unchanged') return;
  const contactId = valueIn(transaction, 'contact_id') as RecordId | null;
  const purchases = await findPurchasesOf(db, session, { accountId, transactionId, contactId });
  const sold = purchases.filter((purchase) => !UNSOLD_STATUSES.includes(String(valueIn(purchase, 'status'))));
  if (settlement === 'refund') {
    if (sold.length === 0) throw new AppError('purchase.not-found', { detail: 'The transaction has none.' });
    for (const { _id: purchaseId } of sold) await refundPurchase(db, session, { accountId, purchaseId });
    return;
  }
  const isPaidNow = settlement === 'markPaid';
  const wasPaid = status === SALE_STATUS.paid;
  const total = roundMoney(sold.reduce((sum, purchase) => sum + amountIn(purchase, 'total_price'), 0));
  await change(db, session, {
    records: [transaction, ...(isPaidNow ? purchases : sold)],
    status: settled.status,
    contactId,
    by: isPaidNow ? amountIn(transaction, 'total') : wasPaid ? -total : 0,
  });
}

/** @param of.by what the contact's `spent` is raised by */
async function change(
  db: Database,
  session: Session,
  of: { records: readonly StoredRecord[]; status: string; contactId: RecordId | null; by: number },
): Promise<void> {
  for (const record of of.records)
    await changeRecord(db, session, record, { fields: { status: of.status }, add: [], remove: [] });
  const [{ accountId } = {}] = of.records;
  if (of.by === 0 || of.contactId === null || accountId === undefined) return;
  const contact = await findRecord(db, { accountId, recordId: of.contactId }, session);
  if (contact) await changeSpent(db, session, contact, { by: of.by, facts: [] });
}
