/** An order as it is given to whoever takes the money. */
export interface PaymentOrder {
  /** With two decimals, in the currency that the form names */
  amount: number;
  currency: string;
  /** What was typed; it is kept nowhere */
  card: string;
  /** The same for repeats of one submission: who takes money takes it once */
  key: string;
}

/** `refused` means that nothing was tried, for the reason in `message`. */
export type PaymentResult =
  | { outcome: 'success' | 'failure' }
  | {
      outcome: 'refused';
      /** For who filled in the form, about the card: "must be ..." */
      message: string;
    };

/** Decides whether an order is paid. */
export interface PaymentAdapter {
  pay(order: PaymentOrder): Promise<PaymentResult>;
}

const APPROVED = '4242424242424242';
const DECLINED = '4000000000000002';

/** The local default: decides by the number of a test card, and moves no money. */
export const testCards: PaymentAdapter = {
  async pay({ card }) {
    const digits = card.replace(/[\s-]/g, '');
    if (digits === APPROVED) return { outcome: 'success' };
    if (digits === DECLINED) return { outcome: 'failure' };
    return { outcome: 'refused', message: 'must be a test card such as 4242 4242 4242 4242; no other cards work here' };
  },
};
