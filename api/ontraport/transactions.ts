import { z } from 'zod';
import { SETTLEMENTS, type Settlement } from '../../domain/settle-sale';
import { AppError } from '../../lib/errors';
import { OBJECT_TYPE } from '../../schemas/object-type';
import { settleTransaction } from '../handlers/settle-transaction';
import { invalid } from '../problem';
import { decimalId, idList, objectID, optional } from './parameters';
import { processManual } from './process-manual';
import { getAllNumbered, openRecords } from './records';
import { readCall, writeCall } from './route';

const tag = 'Transactions';
/** Clients name one or several, and the object type of transactions beside them. */
const parameters = z.object({ objectID: optional(objectID), id: optional(decimalId), ids: optional(idList) });

const SETTLED: Readonly<Record<Settlement, { summary: string; description: string }>> = {
  refund: {
    summary: 'Refund transactions',
    description:
      'All of their purchases that were not refunded; event product.refunded for each. The money itself is moved elsewhere.',
  },
  void: {
    summary: 'Void transactions',
    description: 'They never were sales; "spent" is lowered, no event tells of a refund.',
  },
  writeOff: { summary: 'Write off transactions', description: 'Only those that were not paid.' },
  markPaid: {
    summary: 'Mark transactions as paid',
    description: 'Those that were not; "spent" is raised. Paid ones stay as they are.',
  },
};

/** What Ontraport does with cards, invoices, partners and subscriptions. */
const UNSUPPORTED = [
  ['post', 'rerun', 'No card is charged here.'],
  ['put', 'rerunCommission', 'There are no partners here.'],
  ['post', 'resendInvoice', 'No invoices are sent from here.'],
  ['put', 'convertToCollections', 'A transaction is paid, refunded, void or written off.'],
  ['put', 'convertToDecline', 'A transaction is paid, refunded, void or written off.'],
  ['put', 'order', 'There are no subscriptions or payment plans here.'],
  ['get', 'order', 'There are no subscriptions or payment plans here.'],
] as const;

const refuseWith = (detail: string) => async (): Promise<never> => {
  throw new AppError('transaction.unsupported', { detail });
};

/** What becomes of sales; they are listed as records of object type 46. */
export const transactionRoutes = [
  processManual,
  ...SETTLEMENTS.map((settlement) =>
    writeCall({
      method: 'put',
      path: `/transaction/${settlement}`,
      tag,
      ...SETTLED[settlement],
      parameters,
      answer: { ids: ['12'] },
      handler: async ({ db }, { account, given }, session) => {
        const { objectID: type = OBJECT_TYPE.transaction, id, ids = id === undefined ? [] : [id] } = given;
        if (type !== OBJECT_TYPE.transaction)
          throw invalid({ path: 'objectID', message: 'must be 46, the transactions' });
        if (ids.length === 0) throw invalid({ path: 'ids', message: 'must be given: decimal ids of transactions' });
        const transactions = await openRecords(db, { accountId: account._id, objectID: type }, session);
        for (const transaction of await getAllNumbered(db, transactions, [...new Set(ids)], session))
          await settleTransaction(db, session, { transaction, settlement });
        return { data: { ids: ids.map(String) } };
      },
    }),
  ),
  ...UNSUPPORTED.map(([method, name, detail]) => {
    const row = {
      path: `/transaction/${name}`,
      tag,
      summary: `Not here: ${name}`,
      description: `${detail} The answer is always 422.`,
      parameters,
      answer: {},
      example: {},
    };
    return method === 'get'
      ? readCall({ ...row, method, handler: refuseWith(detail) })
      : writeCall({ ...row, method, handler: refuseWith(detail) });
  }),
];
