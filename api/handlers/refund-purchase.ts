import { valueIn } from '../../domain/derive-facts';
import { roundMoney } from '../../domain/price-items';
import { AppError } from '../../lib/errors';
import type { FieldValues } from '../../schemas/field';
import type { AccountId, RecordId } from '../../schemas/ids';
import { OBJECT_TYPE } from '../../schemas/object-type';
import { SALE_STATUS, UNSOLD_STATUSES } from '../../schemas/purchase';
import type { StoredRecord } from '../../schemas/record';
import type { Database, Session } from '../../store/database';
import { findRecord } from '../../store/records';
import { changeSpent } from './create-purchase';
import { changeRecord } from './save-record';

/**
 * Refunds one purchase: its status and that of its transaction, the contact's `spent` lowered, and the fact
 * `product.refunded` about the contact. A contact or transaction that was deleted meanwhile is left out.
 *
 * @throws AppError `purchase.not-found`, `purchase.refunded`, `transaction.settled` for one that was voided or written off
 */
export async function refundPurchase(
  db: Database,
  session: Session,
  of: { accountId: AccountId; purchaseId: RecordId },
): Promise<StoredRecord> {
  const { accountId, purchaseId } = of;
  const purchase = await findRecord(db, { accountId, recordId: purchaseId }, session);
  if (purchase?.objectTypeId !== OBJECT_TYPE.purchase) throw new AppError('purchase.not-found');
  const status = valueIn(purchase, 'status');
  if (status === SALE_STATUS.refunded) throw new AppError('purchase.refunded');
  if (UNSOLD_STATUSES.includes(String(status))) throw new AppError('transaction.settled');
  const amount = amountIn(purchase, 'total_price');
  const change = (record: StoredRecord, fields: FieldValues) =>
    changeRecord(db, session, record, { fields, add: [], remove: [] });
  const related = (fieldId: string): Promise<StoredRecord | null> => {
    const recordId = valueIn(purchase, fieldId);
    return typeof recordId === 'string'
      ? findRecord(db, { accountId, recordId: recordId as RecordId }, session)
      : Promise.resolve(null);
  };

  const transaction = await related('invoice_id');
  if (transaction) {
    const refunded = roundMoney(amountIn(transaction, 'refunded') + amount);
    const isWhole = refunded >= amountIn(transaction, 'total');
    await change(transaction, { refunded, status: isWhole ? SALE_STATUS.refunded : SALE_STATUS.partlyRefunded });
  }
  const contact = await related('contact_id');
  if (contact) {
    const productId = valueIn(purchase, 'product_id') as RecordId;
    await changeSpent(db, session, contact, {
      by: -amount,
      facts: [{ type: 'product.refunded', productId, purchaseId }],
    });
  }
  return change(purchase, { status: SALE_STATUS.refunded });
}

/** A number of a record; 0 where it has none. @throws never */
export const amountIn = (record: StoredRecord, fieldId: string): number => {
  const amount = valueIn(record, fieldId);
  return typeof amount === 'number' ? amount : 0;
};
