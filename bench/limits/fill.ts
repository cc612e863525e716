import { queuedDelivery } from '../../domain/queued-delivery';
import { pause } from '../../lib/clock';
import { deliveryWorkflowIdOf, newId, positionIdOf } from '../../lib/ids';
import type { StoredDelivery } from '../../schemas/delivery';
import type { AccountId, DeliveryId, RecordId, WebhookId } from '../../schemas/ids';
import type { Database } from '../../store/database';
import { DELIVERIES } from '../../store/deliveries';
import { gapMs } from '../../store/paces';
import { startRequestedDelivery } from '../../workers/dispatch/start-delivery';
import type { Engine } from '../../workers/temporal-client';
import { setFirstTurn } from './prepare-webhooks';

/** Deliveries leave the workflow this long before their turn. */
export const LEAD_MS = 15_000;
const PAGE = 1000;
/** So many starts are on their way at once. */
export const CONNECTIONS = 12;

/** Writes deliveries into the log as a map's step does, in the order given. @returns their ids */
export async function insertDeliveries(
  db: Database,
  of: { accountId: AccountId; recordId: RecordId; webhookIds: readonly WebhookId[] },
): Promise<DeliveryId[]> {
  const { accountId, recordId, webhookIds } = of;
  const mapId = newId('map');
  const rows = webhookIds.map((webhookId): StoredDelivery => {
    const deliveryId = newId('delivery');
    const entryId = newId('entry');
    const origin = {
      recordId,
      objectTypeId: 0,
      source: {
        type: 'map' as const,
        mapId,
        name: 'Bench',
        elementId: 'send',
        entryId,
        positionId: positionIdOf(entryId),
        step: 1,
      },
      workflowId: deliveryWorkflowIdOf(deliveryId, 0),
      createdAt: new Date().toISOString(),
    };
    return queuedDelivery({ deliveryId, accountId, webhookId, origin });
  });
  for (let from = 0; from < rows.length; from += PAGE)
    await db.model(DELIVERIES).insertMany(rows.slice(from, from + PAGE));
  return rows.map(({ _id }) => _id);
}

/**
 * Starts the head of a webhook's queue: as many deliveries as leave their workflows at once when a queue begins, one and
 * 15 s worth of more. All of them get the first turn, so that they wait for the first slots in Temporal's queue, as in
 * any webhook that has been busy for a while.
 *
 * @returns how many of the deliveries were started
 */
export async function startHead(
  on: { db: Database; engine: Engine },
  of: { webhookId: WebhookId; limit: number; firstTurnMs: number },
  deliveryIds: readonly DeliveryId[],
): Promise<number> {
  const head = deliveryIds.slice(0, 1 + Math.floor(LEAD_MS / gapMs(of.limit)));
  for (const deliveryId of head) {
    await setFirstTurn(on.db, of.webhookId, of.firstTurnMs);
    await startRequestedDelivery(on, deliveryId);
  }
  return head.length;
}

/**
 * Starts the workflows of deliveries as the pump does: each takes its turn and waits for it.
 *
 * @param fill.perSecond most starts a second, so that the first workflow tasks keep up
 */
export async function startDeliveries(
  on: { db: Database; engine: Engine },
  deliveryIds: readonly DeliveryId[],
  fill: { perSecond: number },
): Promise<void> {
  const beganMs = performance.now();
  let next = 0;
  const run = async (): Promise<void> => {
    for (let index = next++; index < deliveryIds.length; index = next++) {
      await pause(beganMs + (index * 1000) / fill.perSecond - performance.now());
      await startRequestedDelivery(on, deliveryIds[index] as DeliveryId);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, run));
}

/** Which webhook each delivery is for, in the order of their turns: what comes first is started first. */
export function inOrderOfTurns(wanted: readonly { webhookId: WebhookId; limit: number; count: number }[]): WebhookId[] {
  return wanted
    .flatMap(({ webhookId, limit, count }) =>
      Array.from({ length: count }, (_, index) => ({ webhookId, at: index / limit })),
    )
    .sort((a, b) => a.at - b.at)
    .map(({ webhookId }) => webhookId);
}
