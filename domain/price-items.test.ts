import { expect, test } from '@jest/globals';
import { priceItems, roundMoney } from './price-items';

test('totals are money: two decimals, whatever floating point makes of them', () => {
  expect(priceItems([{ price: 0.1, quantity: 3 }])).toEqual({
    items: [{ price: 0.1, quantity: 3, total: 0.3 }],
    total: 0.3,
  });
  expect(
    priceItems([
      { price: 19.99, quantity: 2 },
      { price: 0, quantity: 1 },
      { price: 0.02, quantity: 1 },
    ]).total,
  ).toBe(40);
  expect([roundMoney(1.005), roundMoney(-0.1 - 0.2), roundMoney(0)]).toEqual([1.01, -0.3, 0]);
});
