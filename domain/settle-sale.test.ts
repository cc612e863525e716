import { expect, test } from '@jest/globals';
import { SALE_STATUS } from '../schemas/purchase';
import { SETTLEMENTS, settleSale } from './settle-sale';

const { paid, partlyRefunded, refunded, void: voided, writtenOff } = SALE_STATUS;
const NO = 'transaction.settled';

test.each([
  ['pending', [refunded, voided, writtenOff, paid]],
  [paid, [refunded, voided, 'transaction.paid', 'unchanged']],
  [partlyRefunded, [refunded, NO, NO, NO]],
  [refunded, [NO, NO, NO, NO]],
  [voided, [NO, NO, NO, NO]],
  [writtenOff, [NO, NO, NO, paid]],
])('a transaction that is %s becomes, by refund, void, write-off and mark as paid: %j', (status, expected) => {
  const found = SETTLEMENTS.map((settlement) => {
    const settled = settleSale(status, settlement);
    if (settled.kind === 'becomes') return settled.status;
    return settled.kind === 'refused' ? settled.code : settled.kind;
  });
  expect(found).toEqual(expected);
});
