import {
  Client,
  type ConnectionLike,
  isGrpcServiceError,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { MetGoal } from '../schemas/cause';
import { type TaskQueues, taskQueues } from './task-queues';

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

/** Whether a workflow was started and is over. @throws Temporal's errors */
export async function isClosed({ client }: Engine, workflowId: string): Promise<boolean> {
  try {
    return (await client.workflow.getHandle(workflowId).describe()).status.name !== 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
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
