import {
  Client,
  type ConnectionLike,
  isGrpcServiceError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import {
  type DataConverter,
  defineSearchAttributeKey,
  SearchAttributeType,
  TypedSearchAttributes,
} from '@temporalio/common';
import { cutJson } from '../lib/cut-json';
import { jobWorkflowIdOf, messageWorkflowIdOf, positionIdOf } from '../lib/ids';
import type { MetGoal } from '../schemas/cause';
import type { DeliveryOrigin } from '../schemas/delivery';
import type { StoredEntry } from '../schemas/entry';
import type { AccountId, OutgoingMessageId, RecordId, WebhookId } from '../schemas/ids';
import type { StoredJob } from '../schemas/job';
import type { Errand } from '../workflows/deliver';
import type { JobInput } from '../workflows/job';
import type { MapEntryInput } from '../workflows/map-entry';
import { type TaskQueues, taskQueues } from './task-queues';

/** Search attributes of every workflow; `WebhookId` lists the webhooks of the map's version. */
const ACCOUNT_ID = defineSearchAttributeKey('AccountId', SearchAttributeType.KEYWORD);
const MAP_ID = defineSearchAttributeKey('MapId', SearchAttributeType.KEYWORD);
const RECORD_ID = defineSearchAttributeKey('RecordId', SearchAttributeType.KEYWORD);
const WEBHOOK_ID = defineSearchAttributeKey('WebhookId', SearchAttributeType.KEYWORD_LIST);

/** Temporal takes summaries of 400 bytes, encrypted. */
const TITLE_BYTES_MAX = 150;

/** Temporal as the rest of the product uses it. */
export interface Engine {
  client: Client;
  queues: TaskQueues;
  namespace: string;
  uiUrl: string | undefined;
  /** Starts share the worker's process: the first workflow task needs no way through a queue */
  isEager: boolean;
}

/** @param connection a worker's NativeConnection makes starts eager */
export const buildEngine = (
  connection: ConnectionLike,
  settings: {
    namespace: string;
    taskQueuePrefix: string;
    uiUrl: string | undefined;
    isEager: boolean;
    /** Encrypts payloads; see lib/secrets/payload-codec.ts */
    dataConverter: DataConverter;
  },
): Engine => ({
  client: new Client({ connection, namespace: settings.namespace, dataConverter: settings.dataConverter }),
  queues: taskQueues(settings.taskQueuePrefix),
  namespace: settings.namespace,
  uiUrl: settings.uiUrl,
  isEager: settings.isEager,
});

/** Starts the workflow of an entry; one that was started before, running or not, is left alone. */
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
      typedSearchAttributes: attributes,
      staticSummary: `${cutJson(entry.mapName, TITLE_BYTES_MAX)}: ${entry.recordId}`,
    }),
  );
}

/** Starts the workflow of a delivery outside a map's own flow; one that was started before is left alone. */
export async function startDeliverWebhook(engine: Engine, errand: Errand & { origin: DeliveryOrigin }): Promise<void> {
  const { origin, accountId, webhookId } = errand;
  await startOnce(() =>
    engine.client.workflow.start('deliverWebhook', {
      workflowId: origin.workflowId,
      taskQueue: engine.queues.maps,
      args: [errand],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      requestEagerStart: engine.isEager,
      typedSearchAttributes: new TypedSearchAttributes([
        { key: ACCOUNT_ID, value: accountId },
        { key: RECORD_ID, value: origin.recordId },
        { key: WEBHOOK_ID, value: [webhookId] },
      ]),
      staticSummary: `${cutJson(errand.title, TITLE_BYTES_MAX)}: ${origin.recordId}`,
    }),
  );
}

/** Starts the workflow of a message that a rule sends; one that was started before is left alone. */
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

/** Tells a running entry to look at the truth again; one that is over is left alone. */
export const wakeEntry = (engine: Engine, workflowId: string): Promise<boolean> =>
  unlessOver(() => engine.client.workflow.getHandle(workflowId).signal('wake', { reason: 'record-deleted' }));

/** Tells an entry that it was resumed; one that is over, or has not started, is left alone. */
export const resumeEntry = (engine: Engine, workflowId: string): Promise<boolean> =>
  unlessOver(() => engine.client.workflow.getHandle(workflowId).signal('resume'));

/** Tells an entry that a goal of its map was met; one that is over, or has not started, is left alone. */
export const tellGoal = (engine: Engine, workflowId: string, met: MetGoal): Promise<boolean> =>
  unlessOver(() => engine.client.workflow.getHandle(workflowId).signal('goal', met));

/** @returns false when there is no such workflow (any more), or it refused */
export async function unlessOver(tell: () => Promise<unknown>): Promise<boolean> {
  try {
    await tell();
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || error instanceof WorkflowUpdateFailedError) return false;
    throw error;
  }
}

/** Address of a workflow in Temporal's Web UI, or null where none is known. */
export const workflowUrl = (engine: Pick<Engine, 'uiUrl' | 'namespace'>, workflowId: string): string | null =>
  engine.uiUrl ? `${engine.uiUrl}/namespaces/${engine.namespace}/workflows/${encodeURIComponent(workflowId)}` : null;

const INVALID_ARGUMENT = 3;

/** True when Temporal could not be reached or was too busy: worth repeating, whatever was asked. */
export function isEngineFault(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  if (isGrpcServiceError(cause)) return cause.code !== INVALID_ARGUMENT;
  return error instanceof Error && /^(TransportError|ServiceError|IllegalStateError)$/.test(error.name);
}
