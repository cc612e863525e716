import { z } from 'zod';
import { idSchema } from '../../schemas/ids';
import { newPurchase, purchasesSchema } from '../../schemas/purchase';
import { recordSchema } from '../../schemas/record';
import { writeRoute } from '../route';
import { createPurchase } from './create-purchase';
import { showRecord, showRecords } from './record-answer';
import { refundPurchase } from './refund-purchase';

const common = { scope: 'key', tag: 'Purchases', method: 'post', writesEvents: true } as const;

/** What contacts buy. Purchases and transactions are records too: read them at /v1/records. */
export const purchaseRoutes = [
  writeRoute({
    ...common,
    path: '/v1/purchases',
    summary: 'Record a paid purchase of a contact',
    description:
      'Makes a purchase record for each item and one transaction record, and raises the "spent" of the contact. Events: product.purchased for each item, transaction.added.',
    body: newPurchase,
    status: 201,
    response: purchasesSchema,
    handler: async ({ db }, { account, body }, session) => {
      const accountId = account._id;
      const { purchases, transaction } = await createPurchase(db, session, { accountId, ...body });
      const shown = await showRecords(db, accountId, purchases, session);
      return { purchases: shown, transaction: await showRecord(db, transaction, session) };
    },
  }),
  writeRoute({
    ...common,
    path: '/v1/purchases/:purchaseId/refund',
    summary: 'Refund a purchase',
    description: 'Event: product.refunded. The money itself is moved by whoever took it.',
    params: z.object({ purchaseId: idSchema('record') }),
    response: recordSchema,
    handler: async ({ db }, { account, params }, session) =>
      showRecord(db, await refundPurchase(db, session, { accountId: account._id, ...params }), session),
  }),
];
