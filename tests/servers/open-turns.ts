import { queuedDelivery } from '../../domain/queued-delivery';
import { newId } from '../../lib/ids';
import type { DeliveryId, WebhookId } from '../../schemas/ids';
import { transaction } from '../../store/database';
import { DELIVERIES, insertDelivery } from '../../store/deliveries';
import { saveShut } from '../../store/delivery-attempts';
import { insertPace, PACES, type Pace } from '../../store/paces';
import { findTellable, type Told, takeTellable } from '../../store/told-turns';
import { takeTurnFor } from '../../store/turns';
import { openTestDatabase } from './open-test-database';

/** How far ahead the pump tells of turns. */
export const AHEAD = { ownMs: 16_000, comebackMs: 7500 };
export const inMs = (ms: number): Date => new Date(Date.now() + ms);

/** Paces and waiting deliveries in a database of their own, without anybody who sends them. */
export async function openTurns() {
  const { db, close } = await openTestDatabase();
  const accountId = newId('account');
  const deliveries = db.model(DELIVERIES);
  return {
    db,
    close,
    async makePace(limit: number): Promise<WebhookId> {
      const webhookId = newId('webhook');
      await transaction(db, (session) => insertPace(db, session, { webhookId, accountId, limit }));
      return webhookId;
    },
    /** Queues deliveries. @returns their ids, and the milliseconds for which each was told to wait */
    async queue(webhookId: WebhookId, count: number): Promise<{ ids: DeliveryId[]; waits: number[] }> {
      const ids: DeliveryId[] = [];
      const waits: number[] = [];
      for (let n = 0; n < count; n++) {
        const deliveryId = newId('delivery');
        const source = { type: 'test' as const, name: 'Turns' };
        const workflowId = `deliver:${deliveryId}`;
        const createdAt = new Date().toISOString();
        const origin = { recordId: newId('record'), objectTypeId: 0, source, workflowId, createdAt };
        await insertDelivery(db, null, queuedDelivery({ deliveryId, accountId, webhookId, origin }));
        ids.push(deliveryId);
        waits.push(await takeTurnFor(db, { deliveryId, webhookId }));
      }
      return { ids, waits };
    },
    /** Those who wait to be told, in the order of their turns. */
    async asleepOf(webhookId: WebhookId): Promise<DeliveryId[]> {
      const waits = { webhookId, turnAt: { $exists: true } } as object;
      return (await deliveries.find(waits).sort({ turnAt: 1 }).lean()).map(({ _id }) => _id);
    },
    shut: (deliveryId: DeliveryId, call: number) =>
      saveShut(db, { deliveryId, call, status: 'held', until: null, waitingFor: 'Held' }),
    set: (webhookId: WebhookId, $set: object) => db.model(PACES).updateOne({ _id: webhookId }, { $set }),
    paceOf: (webhookId: WebhookId) => db.model(PACES).findById(webhookId).orFail().lean<Pace>(),
    /** What one look of the pump takes. */
    async look(webhookId: WebhookId): Promise<Told[]> {
      const pace = (await findTellable(db, AHEAD)).find(({ _id }) => _id === webhookId);
      return pace ? takeTellable(db, pace, AHEAD) : [];
    },
    /** Brings the turns of all who sleep forward. */
    sooner: (webhookId: WebhookId, ms: number) =>
      deliveries.updateMany(
        { webhookId, turnAt: { $exists: true } } as object,
        [{ $set: { turnAt: { $subtract: ['$turnAt', ms] } } }],
        { updatePipeline: true },
      ),
  };
}
