import { valueIn } from '../../domain/derive-facts';
import { roundMoney } from '../../domain/price-items';
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

/** What becomes of a whole transaction; money is moved by whoever took it. */
export const SETTLEMENTS = ['refund', 'void', 'writeOff', 'markPaid'] as const;
export type Settlement = (typeof SETTLEMENTS)[number];

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
  const contactId = valueIn(transaction, 'contact_id') as RecordId | null;
  const purchases = await findPurchasesOf(db, session, { accountId, transactionId, contactId });
  const sold = purchases.filter((purchase) => !UNSOLD_STATUSES.includes(String(valueIn(purchase, 'status'))));
  const total = roundMoney(sold.reduce((sum, purchase) => sum + amountIn(purchase, 'total_price'), 0));
  const become = (to: string, all: readonly StoredRecord[], by: number) =>
    change(db, session, { records: [transaction, ...all], status: to, contactId, by });

  switch (settlement) {
    case 'refund':
      if (UNSOLD_STATUSES.includes(status)) throw new AppError('transaction.settled');
      if (sold.length === 0) throw new AppError('purchase.not-found', { detail: 'The transaction has none.' });
      for (const { _id: purchaseId } of sold) await refundPurchase(db, session, { accountId, purchaseId });
      return;
    case 'void':
      if (UNSOLD_STATUSES.includes(status) || status === SALE_STATUS.partlyRefunded)
        throw new AppError('transaction.settled');
      return become(SALE_STATUS.void, sold, status === SALE_STATUS.paid ? -total : 0);
    case 'writeOff':
      if (status === SALE_STATUS.paid) throw new AppError('transaction.paid');
      if (UNSOLD_STATUSES.includes(status) || status === SALE_STATUS.partlyRefunded)
        throw new AppError('transaction.settled');
      return become(SALE_STATUS.writtenOff, sold, 0);
    case 'markPaid':
      if (status === SALE_STATUS.paid) return;
      if (
        status !== SALE_STATUS.writtenOff &&
        (UNSOLD_STATUSES.includes(status) || status === SALE_STATUS.partlyRefunded)
      )
        throw new AppError('transaction.settled');
      return become(SALE_STATUS.paid, purchases, amountIn(transaction, 'total'));
  }
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
