/** Money to two decimals, halves away from zero; floating point never leaves 0.30000000000000004. @throws never */
export const roundMoney = (amount: number): number =>
  (Math.sign(amount) * Math.round((Math.abs(amount) + Number.EPSILON) * 100)) / 100;

/** One line of a sale. */
export interface PricedItem {
  /** Of one */
  price: number;
  quantity: number;
  total: number;
}

/**
 * Totals of a sale's items.
 *
 * @param items at least one; prices of 0 or more
 * @throws never
 */
export function priceItems(items: readonly { price: number; quantity: number }[]): {
  items: PricedItem[];
  total: number;
} {
  const priced = items.map(({ price, quantity }) => ({ price, quantity, total: roundMoney(price * quantity) }));
  return { items: priced, total: roundMoney(priced.reduce((sum, { total }) => sum + total, 0)) };
}
