import { termsOf } from '../../activities/order-delivery';
import { cutJson } from '../../lib/cut-json';
import { deliveryWorkflowIdOf } from '../../lib/ids';
import { FINAL_STATUSES, type StoredDelivery } from '../../schemas/delivery';
import type { DeliveryId } from '../../schemas/ids';
import type { Database } from '../../store/database';
import { findDelivery } from '../../store/deliveries';
import { takeTurnFor } from '../../store/turns';
import { findWebhook } from '../../store/webhooks';
import { startDeliverWebhook } from '../start-workflows';
import type { Engine } from '../temporal-client';

const TITLE_BYTES_MAX = 130;

/**
 * Starts the workflow of a delivery that was asked for outside a map: a replay or a test. A test waits for no turn, since
 * a person waits for it, and has one attempt. One that is over, or was started before, is left alone, and so is one of an
 * entry, whose workflow sends it.
 *
 * @param how.turnWaitMs milliseconds until its turn; without it one is taken
 * @param how.isAgain    also where its workflow was terminated
 * @returns true when it is not over, and a workflow of its own was started, now or before
 * @throws MongoDB's and Temporal's errors
 */
export async function startRequestedDelivery(
  { db, engine }: { db: Database; engine: Engine },
  deliveryId: DeliveryId,
  { turnWaitMs, isAgain }: { turnWaitMs?: number; isAgain?: boolean } = {},
): Promise<boolean> {
  const row = await findDelivery(db, deliveryId);
  if (!row || FINAL_STATUSES.includes(row.status)) return false;
  if (row.workflowId !== deliveryWorkflowIdOf(deliveryId, row.round.number)) return false;
  const webhook = await findWebhook(db, row);
  const isTest = row.source.type === 'test';
  const { recordId, objectTypeId, source, workflowId, host = null } = row;
  const errand = {
    accountId: row.accountId,
    deliveryId,
    webhookId: row.webhookId,
    ...termsOf(webhook),
    ...(isTest ? { maxAttempts: 1, isManual: true } : {}),
    origin: { recordId, objectTypeId, source, workflowId, createdAt: row.createdAt.toISOString(), host },
    title: titleOf(row, webhook?.settings.name ?? 'deleted webhook'),
    turnWaitMs: turnWaitMs ?? (isTest ? 0 : await takeTurnFor(db, { deliveryId, webhookId: row.webhookId })),
    firstCall: row.round.firstCall,
  };
  await startDeliverWebhook(engine, errand, isAgain);
  return true;
}

function titleOf({ source, round }: StoredDelivery, name: string): string {
  const shown = cutJson(name, TITLE_BYTES_MAX);
  if (source.type === 'test') return `${shown} (test)`;
  return round.number > 0 ? `${shown} (replay ${round.number})` : shown;
}
