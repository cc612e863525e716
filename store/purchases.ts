import type { AccountId, RecordId } from '../schemas/ids';
import { UNSOLD_STATUSES } from '../schemas/purchase';
import type { StoredRecord } from '../schemas/record';
import type { Database, Session } from './database';
import { RECORDS } from './records';

/** Object type of purchases, by Ontraport's number. */
export const PURCHASE_TYPE = 17;

const SOLD = { $nin: UNSOLD_STATUSES };

/**
 * What a record bought, by product: the purchases that name it in `contact_id`. A purchase without a quantity is of one
 * piece; one that was refunded, voided or written off does not count.
 *
 * @returns pieces and money per product, in no order
 */
export const sumPurchases = async (
  db: Database,
  of: { accountId: AccountId; contactId: RecordId },
  session?: Session,
): Promise<{ productId: RecordId; count: number; spent: number }[]> =>
  db
    .model(RECORDS)
    .aggregate<{ productId: RecordId; count: number; spent: number }>([
      {
        $match: {
          accountId: of.accountId,
          objectTypeId: PURCHASE_TYPE,
          'fields.contact_id': of.contactId,
          'fields.status': SOLD,
        },
      },
      {
        $group: {
          _id: '$fields.product_id',
          count: { $sum: { $ifNull: ['$fields.quantity', 1] } },
          spent: { $sum: '$fields.total_price' },
        },
      },
      { $project: { _id: 0, productId: '$_id', count: 1, spent: 1 } },
    ])
    .session(session ?? null);

/** The purchases of one transaction of a contact, oldest first. */
export const findPurchasesOf = async (
  db: Database,
  session: Session,
  of: { accountId: AccountId; transactionId: RecordId; contactId: RecordId | null },
): Promise<StoredRecord[]> =>
  db
    .model(RECORDS)
    .find(
      {
        accountId: of.accountId,
        objectTypeId: PURCHASE_TYPE,
        // The index is by contact.
        ...(of.contactId === null ? {} : { 'fields.contact_id': of.contactId }),
        'fields.invoice_id': of.transactionId,
      } as object,
      null,
      { session },
    )
    .sort({ _id: 1 })
    .lean<StoredRecord[]>();
