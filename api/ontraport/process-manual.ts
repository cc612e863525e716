import { z } from 'zod';
import { AppError } from '../../lib/errors';
import type { AccountId } from '../../schemas/ids';
import { OBJECT_TYPE } from '../../schemas/object-type';
import type { PurchaseItem } from '../../schemas/purchase';
import type { Database, Session } from '../../store/database';
import { createPurchase } from '../handlers/create-purchase';
import { invalid } from '../problem';
import { decimalId, instant, jsonText, optional, whole } from './parameters';
import { getAllNumbered, getNumbered, openRecords } from './records';
import { writeCall } from './route';

const money = z.coerce.number().min(0).max(1e9);
/** A price alone, or the list of prices of which Ontraport's clients give one. */
const price = z.union([
  money,
  z
    .array(z.looseObject({ price: money }))
    .length(1)
    .transform(([one]) => one?.price),
]);
const nothing = z
  .unknown()
  .refine((given) => Array.isArray(given) && given.length === 0, 'is not recorded here; give prices that hold it');
const offer = jsonText(
  z.looseObject({
    products: z
      .array(
        z.looseObject({
          id: decimalId,
          quantity: whole(1, 100_000).default(1),
          price: optional(price),
          type: optional(
            z
              .string()
              .refine(
                (text) => ['single', 'one_time'].includes(text),
                'must be "single": there are no subscriptions or payment plans here',
              ),
          ),
        }),
      )
      .min(1)
      .max(100),
    taxes: optional(nothing),
    shipping: optional(nothing),
  }),
  '{"products":[{"id":9,"quantity":1,"price":5}]}',
).meta({
  description: 'JSON: {"products":[{"id":9,"quantity":1,"price":5}]}; a price that is absent is that of the product',
});

const LOGGED = ['chargeLog', '0', 'false'];
const CHARGED = ['chargeNow', '1', 'true'];

/** A sale that was paid elsewhere. */
export const processManual = writeCall({
  method: 'post',
  path: '/transaction/processManual',
  tag: 'Transactions',
  summary: 'Record a sale',
  description:
    'With "chargeNow": "chargeLog". No cards are charged here; what belongs to a card is left out of account.',
  parameters: z.object({
    contact_id: decimalId,
    chargeNow: z
      .union([z.string(), z.number(), z.boolean()])
      .transform(String)
      .refine((text) => [...LOGGED, ...CHARGED].includes(text), 'must be "chargeLog"')
      .meta({ description: 'chargeLog: it was paid elsewhere' }),
    offer,
    external_order_id: optional(z.coerce.string().trim().max(255)),
    trans_date: optional(instant),
  }),
  answer: { result_code: '1', message: 'The sale is recorded.', invoice_id: '12', external_order_id: '' },
  handler: async ({ db }, { account, given }, session) => {
    if (CHARGED.includes(given.chargeNow))
      throw new AppError('transaction.unsupported', {
        detail: 'No card is charged here: take the money elsewhere, then call again with "chargeNow": "chargeLog".',
      });
    const accountId = account._id;
    const contacts = await openRecords(db, { accountId, objectID: OBJECT_TYPE.contact }, session);
    const { _id: recordId } = await getNumbered(db, contacts, given.contact_id, session);
    const items = await itemsOf(db, session, { accountId, offer: given.offer });
    const sale = { accountId, recordId, items, externalOrderId: given.external_order_id, date: given.trans_date };
    const { transaction } = await createPurchase(db, session, sale);
    return {
      data: {
        result_code: '1',
        message: 'The sale is recorded.',
        invoice_id: String(transaction.number),
        external_order_id: given.external_order_id ?? '',
      },
    };
  },
});

/** @throws AppError `record.not-found` for a product that is none; `request.invalid` for a price that is none */
async function itemsOf(
  db: Database,
  session: Session,
  of: { accountId: AccountId; offer: z.output<typeof offer> },
): Promise<PurchaseItem[]> {
  const products = await openRecords(db, { accountId: of.accountId, objectID: OBJECT_TYPE.product }, session);
  const numbers = [...new Set(of.offer.products.map(({ id }) => id))];
  const found = new Map((await getAllNumbered(db, products, numbers, session)).map(({ _id, number }) => [number, _id]));
  return of.offer.products.map(({ id, quantity, price }, index) => {
    const productId = found.get(id);
    if (!productId) throw invalid({ path: `offer.products.${index}.id`, message: 'names no product' });
    return { productId, quantity, ...(price === undefined ? {} : { price }) };
  });
}
