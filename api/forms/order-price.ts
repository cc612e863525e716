import { valueIn } from '../../domain/derive-facts';
import { roundMoney } from '../../domain/price-items';
import { AppError } from '../../lib/errors';
import type { StoredForm } from '../../schemas/form';
import { OBJECT_TYPE } from '../../schemas/object-type';
import type { Database, Session } from '../../store/database';
import { findRecord } from '../../store/records';

/**
 * What an order form costs now: its own price, or that of its product.
 *
 * @returns null for a form without an order; money with two decimals
 * @throws AppError `form.without-price` when the product is gone or has none
 */
export async function orderPriceOf(
  db: Database,
  form: Pick<StoredForm, 'accountId' | 'settings'>,
  session?: Session,
): Promise<{ amount: number; text: string } | null> {
  const { order } = form.settings;
  if (!order) return null;
  const product = await findRecord(db, { accountId: form.accountId, recordId: order.productId }, session);
  const price = order.price ?? (product ? valueIn(product, 'price') : null);
  if (product?.objectTypeId !== OBJECT_TYPE.product || typeof price !== 'number')
    throw new AppError('form.without-price');
  const amount = roundMoney(price);
  return { amount, text: `${amount.toFixed(2)} ${order.currency}` };
}
