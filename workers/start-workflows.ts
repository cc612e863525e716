import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import {
  defineSearchAttributeKey,
  type SearchAttributePair,
  SearchAttributeType,
  TypedSearchAttributes,
} from '@temporalio/common';
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
 * Starts the workflow of an entry; one that was started before, running or not, is left alone.
 *
 * @param start.leavesAt with this as its next step the entry leaves the map, also where its workflow was terminated
 */
export async function startMapEntry(
  engine: Engine,
  { entry, webhookIds, leavesAt }: { entry: StoredEntry; webhookIds: WebhookId[]; leavesAt?: number },
): Promise<void> {
  const isLeaving = leavesAt !== undefined;
  const input: MapEntryInput = {
    accountId: entry.accountId,
    entryId: entry._id,
    positionId: positionIdOf(entry._id),
    ...(isLeaving ? { continued: { step: leavesAt, path: [], cause: { kind: 'exit' } } } : {}),
  };
  await startOnce(engine, 'mapEntry', {
    isAgain: isLeaving,
    workflowId: entry.workflowId,
    input,
    isEager: engine.isEager,
    fairnessKey: entry.mapId,
    attributes: [
      { key: ACCOUNT_ID, value: entry.accountId },
      { key: MAP_ID, value: entry.mapId },
      { key: RECORD_ID, value: entry.recordId },
      ...(webhookIds.length > 0 ? [{ key: WEBHOOK_ID, value: webhookIds }] : []),
    ],
    summary: `${cutJson(entry.mapName, TITLE_BYTES_MAX)}: ${entry.recordId}`,
  });
}

/**
 * Starts the workflow of a delivery outside a map's own flow; one that was started before is left alone.
 *
 * @param isAgain not where it was terminated, or failed
 */
export async function startDeliverWebhook(
  engine: Engine,
  errand: Errand & { origin: DeliveryOrigin },
  isAgain = false,
): Promise<void> {
  const { origin, accountId, webhookId } = errand;
  await startOnce(engine, 'deliverWebhook', {
    isAgain,
    workflowId: origin.workflowId,
    input: errand,
    isEager: engine.isEager,
    fairnessKey: webhookId,
    attributes: [
      { key: ACCOUNT_ID, value: accountId },
      { key: RECORD_ID, value: origin.recordId },
      { key: WEBHOOK_ID, value: [webhookId] },
    ],
    summary: `${cutJson(errand.title, TITLE_BYTES_MAX)}: ${origin.recordId}`,
  });
}

/** Starts the workflow of a message that a rule sends; one that was started before is left alone. */
export async function startDeliverMessage(
  engine: Engine,
  row: { accountId: AccountId; outgoingId: OutgoingMessageId; recordId: RecordId; title: string },
): Promise<void> {
  const { accountId, outgoingId, recordId, title } = row;
  await startOnce(engine, 'deliverMessage', {
    workflowId: messageWorkflowIdOf(outgoingId),
    input: { accountId, outgoingId },
    isEager: engine.isEager,
    fairnessKey: accountId,
    attributes: [
      { key: ACCOUNT_ID, value: accountId },
      { key: RECORD_ID, value: recordId },
    ],
    summary: `${cutJson(title, TITLE_BYTES_MAX)}: ${recordId}`,
  });
}

/** Starts the workflow of a bulk job; one that was started before is left alone. */
export async function startJob(engine: Engine, job: StoredJob): Promise<void> {
  const input: JobInput = { jobId: job._id };
  await startOnce(engine, 'job', {
    workflowId: jobWorkflowIdOf(job._id),
    input,
    isEager: false,
    fairnessKey: job.accountId,
    attributes: [
      { key: ACCOUNT_ID, value: job.accountId },
      ...(job.webhookId ? [{ key: WEBHOOK_ID, value: [job.webhookId] }] : []),
    ],
    summary: `${job.kind}: ${cutJson(job.title, TITLE_BYTES_MAX)}`,
  });
}

/**
 * Starts a workflow; one with this id that runs, or has run, was started by the same cause and is left alone.
 *
 * @param start.fairnessKey whose tasks take turns with those of others where they wait for a worker: ten thousand of one
 *                          hold up nobody else's next one (docs/rate.md)
 * @param start.isAgain     one that was terminated, or failed, is followed by another run
 */
async function startOnce(
  { client, queues }: Engine,
  type: string,
  start: {
    workflowId: string;
    input: unknown;
    isEager: boolean;
    fairnessKey: string;
    isAgain?: boolean;
    attributes: SearchAttributePair[];
    summary: string;
  },
): Promise<void> {
  try {
    await client.workflow.start(type, {
      workflowId: start.workflowId,
      taskQueue: queues.maps,
      args: [start.input],
      workflowIdReusePolicy: start.isAgain ? 'ALLOW_DUPLICATE_FAILED_ONLY' : 'REJECT_DUPLICATE',
      requestEagerStart: start.isEager,
      priority: { fairnessKey: start.fairnessKey },
      typedSearchAttributes: new TypedSearchAttributes(start.attributes),
      staticSummary: start.summary,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
