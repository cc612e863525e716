import { z } from 'zod';
import { AppError } from '../../lib/errors';
import { FINAL_STATUSES, type RequestOverride, requestOverride, type StoredDelivery } from '../../schemas/delivery';
import { deliverySchema } from '../../schemas/delivery-answer';
import { type AccountId, type DeliveryId, idSchema } from '../../schemas/ids';
import { transaction } from '../../store/database';
import { getDelivery } from '../../store/deliveries';
import { replayDelivery, restoreOverride, saveOverride } from '../../store/replay-delivery';
import { steerDelivery } from '../../workers/live-state';
import type { Api } from '../parts';
import { readRoute } from '../route';
import { checkOverride } from './check-settings';
import { showDelivery } from './delivery-answer';
import { refuseHeld } from './webhook-status';

const common = { scope: 'key', tag: 'Webhook log' } as const;
const params = z.object({ deliveryId: idSchema('delivery') });
type Of = { accountId: AccountId; deliveryId: DeliveryId };

const isOver = ({ status }: StoredDelivery): boolean => FINAL_STATUSES.includes(status);

/** @throws AppError when a delivery cannot be sent at once: it is over, on its way, or its webhook is held */
async function refuseRetry({ db }: Api, row: StoredDelivery): Promise<void> {
  if (isOver(row)) throw new AppError('delivery.ended');
  if (row.status === 'sending') throw new AppError('delivery.sending');
  await refuseHeld(db, undefined, row);
}

const retryNow = (api: Api, row: StoredDelivery): Promise<void> => steerDelivery(api, row, 'retry');

async function replay({ db, onEvents }: Api, of: Of, override?: StoredDelivery['override']): Promise<void> {
  await transaction(db, async (session) => {
    const row = await replayDelivery(db, session, { ...of, ...(override ? { override } : {}) });
    await refuseHeld(db, session, row);
  });
  onEvents();
}

/** The request is saved first, since the attempt that is asked for reads it. @throws AppError as `refuseRetry` and `steerDelivery` */
async function editAndRetry(api: Api, row: StoredDelivery, written: RequestOverride): Promise<void> {
  const { accountId, _id: deliveryId, override: before = null } = row;
  const of = { accountId, deliveryId };
  await refuseRetry(api, row);
  await transaction(api.db, (session) => saveOverride(api.db, session, { ...of, override: written }));
  try {
    await retryNow(api, row);
  } catch (error) {
    // Whether it was heard is not known without an answer.
    if (error instanceof AppError && error.code !== 'engine.unavailable')
      await transaction(api.db, (session) => restoreOverride(api.db, session, { ...of, written, before }));
    throw error;
  }
}

/** What a person can do with one delivery. */
export const deliveryCommandRoutes = [
  readRoute({
    ...common,
    method: 'post',
    path: '/v1/deliveries/:deliveryId/retry',
    summary: 'Send a delivery that waits at once',
    description:
      'Uses the next free slot of the webhook, and one of the attempts that are left. At most one request more reaches the receiver. One that is over can be replayed.',
    params,
    response: deliverySchema,
    handler: async (api, { account, params }) => {
      const of = { accountId: account._id, ...params };
      const row = await getDelivery(api.db, of);
      await refuseRetry(api, row);
      await retryNow(api, row);
      return showDelivery(api.engine, await getDelivery(api.db, of));
    },
  }),
  readRoute({
    ...common,
    method: 'post',
    path: '/v1/deliveries/:deliveryId/cancel',
    summary: 'Cancel a delivery that is not over',
    description: 'Answers when it is over; a request that is on its way is finished first and counts.',
    params,
    response: deliverySchema,
    handler: async (api, { account, params }) => {
      const of = { accountId: account._id, ...params };
      const row = await getDelivery(api.db, of);
      if (isOver(row)) throw new AppError('delivery.ended');
      await steerDelivery(api, row, 'cancel');
      return showDelivery(api.engine, await getDelivery(api.db, of));
    },
  }),
  readRoute({
    ...common,
    method: 'post',
    path: '/v1/deliveries/:deliveryId/replay',
    summary: 'Send a delivery that is over once more',
    description:
      'It keeps its id, is rendered from the record and the webhook as they are now, and gets all attempts of the webhook again. The entry that ordered it is not touched.',
    params,
    response: deliverySchema,
    handler: async (api, { account, params }) => {
      const of = { accountId: account._id, ...params };
      await replay(api, of);
      return showDelivery(api.engine, await getDelivery(api.db, of));
    },
  }),
  readRoute({
    ...common,
    method: 'post',
    path: '/v1/deliveries/:deliveryId/edit-and-retry',
    summary: 'Send a delivery with another URL and body',
    description:
      'Both are sent as they stand; headers come from the webhook. One that waits is sent at once, one that is over is replayed.',
    params,
    body: requestOverride,
    example: { url: 'https://example.com/crm', body: '{"name":"Ada"}' },
    response: deliverySchema,
    handler: async (api, { account, params, body: override }) => {
      const of = { accountId: account._id, ...params };
      checkOverride(api, account, override);
      const row = await getDelivery(api.db, of);
      if (isOver(row)) await replay(api, of, override);
      else await editAndRetry(api, row, override);
      return showDelivery(api.engine, await getDelivery(api.db, of));
    },
  }),
];
