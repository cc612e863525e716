import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { deliveryWorkflowIdOf, jobWorkflowIdOf, messageWorkflowIdOf, newId } from '../lib/ids';
import type { WebhookId } from '../schemas/ids';
import type { StoredJob } from '../schemas/job';
import { openSystem, type TestSystem } from '../tests/servers/open-system';
import { storedEntry } from '../tests/servers/stored';
import { startDeliverMessage, startDeliverWebhook, startJob, startMapEntry } from './start-workflows';

const MANY = 60;
/** Workflow tasks of others that may come first; each of the busy ones has one turn in a round. */
const ROUND = 3;

let system: TestSystem;
/** Workflows that others have started and nobody has taken yet */
const busy: string[] = [];
const [mapId, webhookId] = [newId('map'), newId('webhook')];
const accountIdOf = () => system.account.account._id;

const enter = async (of: Parameters<typeof storedEntry>[0] = {}): Promise<string> => {
  const entry = storedEntry({ accountId: accountIdOf(), ...of });
  await startMapEntry(system.engine, { entry, webhookIds: [] });
  return entry.workflowId;
};

const deliver = async (to: WebhookId): Promise<string> => {
  const deliveryId = newId('delivery');
  const workflowId = deliveryWorkflowIdOf(deliveryId, 0);
  const source = { type: 'test' as const, name: 'Send to CRM' };
  const createdAt = new Date().toISOString();
  await startDeliverWebhook(system.engine, {
    accountId: accountIdOf(),
    deliveryId,
    webhookId: to,
    title: 'Send to CRM',
    requestsPerMinute: 180,
    maxAttempts: 10,
    firstGapMs: 5000,
    turnWaitMs: 0,
    origin: { recordId: newId('record'), objectTypeId: 0, source, workflowId, createdAt },
  });
  return workflowId;
};

/** The next workflows whose tasks a worker is given. */
async function takeTasks(count: number): Promise<string[]> {
  const { engine } = system;
  const taken: string[] = [];
  while (taken.length < count) {
    const task = await engine.client.workflowService.pollWorkflowTaskQueue({
      namespace: engine.namespace,
      taskQueue: { name: engine.queues.maps },
      identity: 'test',
    });
    taken.push(task.workflowExecution?.workflowId ?? '');
  }
  return taken;
}

beforeAll(async () => {
  system = await openSystem({ isWorking: false });
  for (let n = 0; n < MANY; n++) busy.push(await enter({ mapId }), await deliver(webhookId));
});
afterAll(async () => {
  for (const workflowId of busy)
    await system.engine.client.workflow.getHandle(workflowId).terminate('the test is over');
  await system?.close();
});

test('an entry of another map is not behind the many that wait for a worker', async () => {
  const workflowId = await enter();
  busy.push(workflowId);
  expect(await takeTasks(ROUND)).toContain(workflowId);
});

test('a message of another account is not behind the many that wait for a worker', async () => {
  const outgoingId = newId('outgoingMessage');
  const message = { accountId: newId('account'), outgoingId, recordId: newId('record'), title: 'Welcome' };
  await startDeliverMessage(system.engine, message);
  busy.push(messageWorkflowIdOf(outgoingId));
  expect(await takeTasks(ROUND)).toContain(messageWorkflowIdOf(outgoingId));
});

test('a job of another account is not behind the many that wait for a worker', async () => {
  const job = { _id: newId('job'), accountId: newId('account'), kind: 'replay', title: 'Replay', webhookId: null };
  await startJob(system.engine, job as StoredJob);
  busy.push(jobWorkflowIdOf(job._id));
  expect(await takeTasks(ROUND)).toContain(jobWorkflowIdOf(job._id));
});

test('a delivery of another webhook is not behind the many that wait for a worker', async () => {
  const workflowId = await deliver(newId('webhook'));
  busy.push(workflowId);
  expect(await takeTasks(ROUND)).toContain(workflowId);
});
