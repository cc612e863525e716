import { changeFields, deriveFacts, valueIn } from '../../domain/derive-facts';
import { priceItems, roundMoney } from '../../domain/price-items';
import { now } from '../../lib/clock';
import type { Fact } from '../../schemas/event';
import type { FieldValues } from '../../schemas/field';
import type { AccountId, RecordId } from '../../schemas/ids';
import { OBJECT_TYPE } from '../../schemas/object-type';
import type { Problem } from '../../schemas/problem';
import { type PurchaseItem, SALE_STATUS } from '../../schemas/purchase';
import type { StoredRecord } from '../../schemas/record';
import type { Database, Session } from '../../store/database';
import { findRecordsByIds, getRecord, replaceRecordFacts } from '../../store/records';
import { invalid, refuse } from '../problem';
import { createRecord } from './save-record';

/** What was bought, by whom, and where from. */
export interface GivenPurchase {
  accountId: AccountId;
  recordId: RecordId;
  /** At least one; without a price that of the product holds */
  items: PurchaseItem[];
  externalOrderId?: string | undefined;
  /** Decimal id of the order form that it came by */
  formNumber?: number | undefined;
  /** When it was; now unless given. ISO 8601 */
  date?: string | undefined;
}

/** Purchase records in the order of the items, their one transaction record, and the contact as it is then. */
export interface Purchased {
  purchases: StoredRecord[];
  transaction: StoredRecord;
  contact: StoredRecord;
}

type Bought = PurchaseItem & { name: string; price: number };

/**
 * A paid sale: a purchase record for each item, one transaction record, the contact's `spent` raised; facts
 * `product.purchased` for each item and `transaction.added` about the contact.
 *
 * @throws AppError `record.not-found`, `request.invalid` for a record that is no contact, a product that is none, or no price
 */
export async function createPurchase(db: Database, session: Session, given: GivenPurchase): Promise<Purchased> {
  const { accountId, recordId } = given;
  const contact = await getRecord(db, { accountId, recordId }, session);
  if (contact.objectTypeId !== OBJECT_TYPE.contact)
    throw invalid({ path: 'recordId', message: 'must be a contact: a record of object type 0' });
  const bought = await findBought(db, session, given);
  const priced = priceItems(bought);
  const date = given.date ?? now().toISOString();
  const create = (objectTypeId: number, fields: FieldValues): Promise<StoredRecord> =>
    createRecord(db, session, { accountId, objectTypeId, tags: [], fields: { ...fields, contact_id: recordId, date } });

  const transaction = await create(OBJECT_TYPE.transaction, {
    contact_name: [valueIn(contact, 'firstname'), valueIn(contact, 'lastname')].filter(Boolean).join(' '),
    status: SALE_STATUS.paid,
    subtotal: priced.total,
    tax: 0,
    shipping: 0,
    total: priced.total,
    external_order_id: given.externalOrderId ?? null,
    form_id: given.formNumber === undefined ? null : String(given.formNumber),
  });
  const purchases: StoredRecord[] = [];
  for (const [index, item] of bought.entries())
    purchases.push(
      await create(OBJECT_TYPE.purchase, {
        product_id: item.productId,
        invoice_id: transaction._id,
        name: item.name,
        price: item.price,
        quantity: item.quantity,
        total_price: priced.items[index]?.total ?? 0,
        status: SALE_STATUS.paid,
      }),
    );

  const facts = [
    ...purchases.map((purchase, index): Fact => {
      const productId = bought[index]?.productId as RecordId;
      return { type: 'product.purchased', productId, purchaseId: purchase._id };
    }),
    {
      type: 'transaction.added' as const,
      transactionId: transaction._id,
      productIds: [...new Set(bought.map(({ productId }) => productId))],
    },
  ];
  return { purchases, transaction, contact: await changeSpent(db, session, contact, { by: priced.total, facts }) };
}

/** Raises or lowers what a contact spent and writes the facts of the cause behind it. */
export function changeSpent(
  db: Database,
  session: Session,
  contact: StoredRecord,
  change: { by: number; facts: Fact[] },
): Promise<StoredRecord> {
  const before = { fields: contact.fields, tagIds: contact.tagIds };
  const spent = valueIn(before, 'spent');
  const sum = roundMoney((typeof spent === 'number' ? spent : 0) + change.by);
  const after = change.by === 0 ? before : changeFields(before, { spent: sum });
  const facts = [...deriveFacts(before, after), ...change.facts];
  return replaceRecordFacts(db, session, { record: contact, after, facts, hops: 0 });
}

/** The items with names and prices of their products. @throws AppError `request.invalid` */
async function findBought(db: Database, session: Session, given: GivenPurchase): Promise<Bought[]> {
  const recordIds = given.items.map(({ productId }) => productId);
  const found = await findRecordsByIds(db, { accountId: given.accountId, recordIds }, session);
  const products = new Map(found.map((product) => [product._id, product]));
  const problems: Problem[] = [];
  const bought: Bought[] = [];
  for (const [index, item] of given.items.entries()) {
    const product = products.get(item.productId);
    const facts = { fields: product?.fields ?? {}, tagIds: [] };
    const price = item.price ?? valueIn(facts, 'price');
    if (product?.objectTypeId !== OBJECT_TYPE.product)
      problems.push({ path: `items.${index}.productId`, message: 'names no product of the account' });
    else if (typeof price !== 'number')
      problems.push({ path: `items.${index}.price`, message: 'must be given, since the product has no price' });
    else bought.push({ ...item, name: String(valueIn(facts, 'name') ?? ''), price });
  }
  refuse(problems);
  return bought;
}
