import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { cutJson } from '../lib/cut-json';
import { jobWorkflowIdOf, messageWorkflowIdOf, positionIdOf } from '../lib/ids';
import type { DeliveryOrigin } from '../schemas/delivery';
import type { StoredEntry } from '../schemas/entry';
import type { AccountId, OutgoingMessageId, RecordId, WebhookId } from '../schemas/ids';
import type { StoredJob } from '../schemas/job';
import type { Errand } from '../workflows/deliver';
import type { JobInput } from '../workflows/job';
import type { MapEntryInput } from '../workflows/map-entry';
import type { Engine } from './temporal-client';

/** Search attributes of every workflow; `WebhookId` lists the webhooks of the map's version. */
const ACCOUNT_ID = defineSearchAttributeKey('AccountId', SearchAttributeType.KEYWORD);
const MAP_ID = defineSearchAttributeKey('MapId', SearchAttributeType.KEYWORD);
const RECORD_ID = defineSearchAttributeKey('RecordId', SearchAttributeType.KEYWORD);
const WEBHOOK_ID = defineSearchAttributeKey('WebhookId', SearchAttributeType.KEYWORD_LIST);

/** Temporal takes summaries of 400 bytes, encrypted. */
const TITLE_BYTES_MAX = 150;

/**
 * Starts the workflow of an entry; one that was started before, running or not, is left alone. Maps take turns where
 * tasks wait for a worker: ten thousand that enter one of them don't hold up those of another.
 */
export async function startMapEntry(
  engine: Engine,
  start: { entry: StoredEntry; webhookIds: WebhookId[] },
): Promise<void> {
  const { entry } = start;
  const input: MapEntryInput = { accountId: entry.accountId, entryId: entry._id, positionId: positionIdOf(entry._id) };
  const attributes = new TypedSearchAttributes([
    { key: ACCOUNT_ID, value: entry.accountId },
    { key: MAP_ID, value: entry.mapId },
    { key: RECORD_ID, value: entry.recordId },
    ...(start.webhookIds.length > 0 ? [{ key: WEBHOOK_ID, value: start.webhookIds }] : []),
  ]);
  await startOnce(() =>
    engine.client.workflow.start('mapEntry', {
      workflowId: entry.workflowId,
      taskQueue: engine.queues.maps,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      requestEagerStart: engine.isEager,
      priority: { fairnessKey: entry.mapId },
      typedSearchAttributes: attributes,
      staticSummary: `${cutJson(entry.mapName, TITLE_BYTES_MAX)}: ${entry.recordId}`,
    }),
  );
}

/**
 * Starts the workflow of a delivery outside a map's own flow; one that was started before is left alone. Webhooks take
 * turns where tasks wait for a worker, like maps.
 */
export async function startDeliverWebhook(engine: Engine, errand: Errand & { origin: DeliveryOrigin }): Promise<void> {
  const { origin, accountId, webhookId } = errand;
  await startOnce(() =>
    engine.client.workflow.start('deliverWebhook', {
      workflowId: origin.workflowId,
      taskQueue: engine.queues.maps,
      args: [errand],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      requestEagerStart: engine.isEager,
      priority: { fairnessKey: webhookId },
      typedSearchAttributes: new TypedSearchAttributes([
        { key: ACCOUNT_ID, value: accountId },
        { key: RECORD_ID, value: origin.recordId },
        { key: WEBHOOK_ID, value: [webhookId] },
      ]),
      staticSummary: `${cutJson(errand.title, TITLE_BYTES_MAX)}: ${origin.recordId}`,
    }),
  );
}

/** Starts the workflow of a message that a rule sends; one that was started before is left alone. Accounts take turns. */
export async function startDeliverMessage(
  engine: Engine,
  row: { accountId: AccountId; outgoingId: OutgoingMessageId; recordId: RecordId; title: string },
): Promise<void> {
  const { accountId, outgoingId, recordId, title } = row;
  await startOnce(() =>
    engine.client.workflow.start('deliverMessage', {
      workflowId: messageWorkflowIdOf(outgoingId),
      taskQueue: engine.queues.maps,
      args: [{ accountId, outgoingId }],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      requestEagerStart: engine.isEager,
      priority: { fairnessKey: accountId },
      typedSearchAttributes: new TypedSearchAttributes([
        { key: ACCOUNT_ID, value: accountId },
        { key: RECORD_ID, value: recordId },
      ]),
      staticSummary: `${cutJson(title, TITLE_BYTES_MAX)}: ${recordId}`,
    }),
  );
}

/** Starts the workflow of a bulk job; one that was started before is left alone. */
export async function startJob(engine: Engine, job: StoredJob): Promise<void> {
  const input: JobInput = { jobId: job._id };
  await startOnce(() =>
    engine.client.workflow.start('job', {
      workflowId: jobWorkflowIdOf(job._id),
      taskQueue: engine.queues.maps,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      typedSearchAttributes: new TypedSearchAttributes([
        { key: ACCOUNT_ID, value: job.accountId },
        ...(job.webhookId ? [{ key: WEBHOOK_ID, value: [job.webhookId] }] : []),
      ]),
      staticSummary: `${job.kind}: ${cutJson(job.title, TITLE_BYTES_MAX)}`,
    }),
  );
}

/** A workflow with this id that runs, or has run, was started by the same cause. */
async function startOnce(start: () => Promise<unknown>): Promise<void> {
  try {
    await start();
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
