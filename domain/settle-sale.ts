import { SALE_STATUS, UNSOLD_STATUSES } from '../schemas/purchase';

/** What becomes of a whole transaction; money is moved by whoever took it. */
export const SETTLEMENTS = ['refund', 'void', 'writeOff', 'markPaid'] as const;
export type Settlement = (typeof SETTLEMENTS)[number];

/** `refused` says why; `unchanged`: it is so already. */
export type Settled =
  | { kind: 'becomes'; status: string }
  | { kind: 'unchanged' }
  | { kind: 'refused'; code: 'transaction.settled' | 'transaction.paid' };

/**
 * What a settlement makes of a transaction that stands so. What was refunded in parts can only be refunded whole, and what
 * was written off can still be paid.
 *
 * @throws never
 * @source docs/forms.md#purchases
 */
export function settleSale(status: string, settlement: Settlement): Settled {
  const isOver = UNSOLD_STATUSES.includes(status);
  const isTouched = isOver || status === SALE_STATUS.partlyRefunded;
  const isPaid = status === SALE_STATUS.paid;
  const settled: Settled = { kind: 'refused', code: 'transaction.settled' };
  const becomes = (to: string): Settled => ({ kind: 'becomes', status: to });
  switch (settlement) {
    case 'refund':
      return isOver ? settled : becomes(SALE_STATUS.refunded);
    case 'void':
      return isTouched ? settled : becomes(SALE_STATUS.void);
    case 'writeOff':
      if (isPaid) return { kind: 'refused', code: 'transaction.paid' };
      return isTouched ? settled : becomes(SALE_STATUS.writtenOff);
    case 'markPaid':
      if (isPaid) return { kind: 'unchanged' };
      return isTouched && status !== SALE_STATUS.writtenOff ? settled : becomes(SALE_STATUS.paid);
  }
}
