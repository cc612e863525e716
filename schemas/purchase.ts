import { z } from 'zod';
import { idSchema } from './ids';
import { recordSchema } from './record';

/** What a purchase or a transaction stands at. */
export const SALE_STATUS = {
  paid: 'paid',
  partlyRefunded: 'partly-refunded',
  refunded: 'refunded',
  void: 'void',
  writtenOff: 'written-off',
} as const;
/** A purchase that stands so does not count as bought. */
export const UNSOLD_STATUSES: readonly string[] = [SALE_STATUS.refunded, SALE_STATUS.void, SALE_STATUS.writtenOff];

export const purchaseItem = z.object({
  productId: idSchema('record').meta({ description: 'The product: a record of object type 16' }),
  quantity: z.number().int().min(1).max(100_000).default(1),
  price: z.number().min(0).max(1e9).optional().meta({ description: 'Of one; when absent, that of the product' }),
});
export type PurchaseItem = z.output<typeof purchaseItem>;

export const newPurchase = z.object({
  recordId: idSchema('record').meta({ description: 'The contact who buys' }),
  items: z.array(purchaseItem.strict()).min(1).max(100),
  externalOrderId: z.string().trim().max(255).optional().meta({ description: 'Number of the order in your shop' }),
});

export const purchasesSchema = z
  .object({
    purchases: z.array(recordSchema).meta({ description: 'One record of object type 17 for each item' }),
    transaction: recordSchema.meta({ description: 'A record of object type 46' }),
  })
  .meta({ id: 'Purchases' });
