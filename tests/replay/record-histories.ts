import { existsSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { jobWorkflowIdOf } from '../../lib/ids';
import { version } from '../../package.json';
import type { DeliveryStatus, StoredDelivery } from '../../schemas/delivery';
import type { Element } from '../../schemas/element';
import type { AccountId, RecordId, WebhookId } from '../../schemas/ids';
import { transaction } from '../../store/database';
import { DELIVERIES } from '../../store/deliveries';
import { ENTRIES } from '../../store/entries';
import { insertJob } from '../../store/jobs';
import { deleteRecord } from '../../store/records';
import { replayDelivery } from '../../store/replay-delivery';
import { setWebhookStatus } from '../../store/webhook-status';
import { exitEntry, getLiveState, steerDelivery } from '../../workers/live-state';
import { custom } from '../servers/draw';
import globalSetup from '../servers/global-setup';
import globalTeardown from '../servers/global-teardown';
import { makeMap, makeRecord, makeWebhook } from '../servers/make';
import { openReceiver } from '../servers/open-receiver';
import { openSystem, type TestSystem } from '../servers/open-system';
import { postCustom } from '../servers/post';
import { until } from '../servers/until';
import { runSchedule } from './run-schedule';

const FOLDER = join(__dirname, 'histories');
type Middle = Pick<Element, 'kind' | 'settings'>;
const wait = (seconds: number): Middle => ({ kind: 'wait', settings: { kind: 'duration', seconds } });

interface Told {
  workflowId: string;
  recordId: RecordId;
  accountId: AccountId;
  /** Of the story's only webhook */
  webhookId: WebhookId;
}

/** One way through a map: what stands between trigger and end, and what happens to the entry while it waits. */
interface Story {
  name: string;
  /** `webhook` stands for a webhook whose receiver answers so; the next attempt follows after the gap, 1 s if absent */
  between: (Middle | { kind: 'webhook'; answers: number; gapSeconds?: number; isPaused?: true })[];
  disturb?: (system: TestSystem, entry: Told) => Promise<void>;
  /** The workflow whose history is kept, when it is not the entry's */
  keep?: (system: TestSystem, entry: Told) => Promise<string>;
}

const deliveryOf = ({ db }: TestSystem, { recordId }: Told, status: DeliveryStatus): Promise<StoredDelivery> =>
  until(`a delivery that is ${status}`, () =>
    db.model(DELIVERIES).findOne({ recordId, status }).lean<StoredDelivery>(),
  );
const steer = (wish: 'retry' | 'cancel') => async (system: TestSystem, entry: Told) =>
  steerDelivery(system.engine, await deliveryOf(system, entry, 'waiting-retry'), wish);

/** Resumes the webhook of a delivery that is held. @returns the workflow of the job that gives new turns */
async function resume(system: TestSystem, entry: Told): Promise<string> {
  await deliveryOf(system, entry, 'held');
  const { db } = system;
  const { accountId, webhookId } = entry;
  const { _id: jobId } = await transaction(db, async (session) => {
    await setWebhookStatus(db, session, { accountId, webhookId, status: 'active', reason: 'Resumed.' });
    const title = 'New turns';
    return insertJob(db, session, { accountId, kind: 'new-turns', title, webhookId, filter: null, total: 1 });
  });
  return jobWorkflowIdOf(jobId);
}

const STORIES: Story[] = [
  { name: 'webhook-delivered', between: [{ kind: 'webhook', answers: 200 }] },
  { name: 'wait-then-webhook', between: [wait(1), { kind: 'webhook', answers: 200 }] },
  { name: 'webhook-failed-after-retries', between: [{ kind: 'webhook', answers: 500 }] },
  {
    name: 'exit-while-waiting',
    between: [wait(3600)],
    disturb: async (system, { workflowId }) => {
      await until('its wait', async () =>
        (await getLiveState(system.engine, workflowId))?.waitingFor?.startsWith('Wait'),
      );
      await exitEntry(system.engine, workflowId);
    },
  },
  {
    name: 'record-deleted-while-waiting',
    between: [wait(3600)],
    disturb: async ({ db, pump }, { accountId, recordId }) => {
      await transaction(db, (session) => deleteRecord(db, session, { accountId, recordId }));
      pump.nudge();
    },
  },
  {
    name: 'retried-by-hand',
    between: [{ kind: 'webhook', answers: 500, gapSeconds: 3600 }],
    disturb: async (system, entry) => {
      await steer('retry')(system, entry);
      await until(
        'the second attempt',
        async () => (await deliveryOf(system, entry, 'waiting-retry')).attempts.length === 2,
      );
      await steer('retry')(system, entry);
    },
  },
  {
    name: 'cancelled-by-hand',
    between: [{ kind: 'webhook', answers: 500, gapSeconds: 3600 }],
    disturb: steer('cancel'),
  },
  {
    name: 'held-then-resumed',
    between: [{ kind: 'webhook', answers: 200, isPaused: true }],
    disturb: async (system, entry) => void (await resume(system, entry)),
  },
  { name: 'run-of-a-schedule', between: [], keep: runSchedule },
  { name: 'job-of-new-turns', between: [{ kind: 'webhook', answers: 200, isPaused: true }], keep: resume },
  {
    name: 'replayed',
    between: [{ kind: 'webhook', answers: 400 }],
    keep: async (system, entry) => {
      const { _id: deliveryId, accountId } = await deliveryOf(system, entry, 'failed');
      const again = await transaction(system.db, (session) =>
        replayDelivery(system.db, session, { accountId, deliveryId }),
      );
      system.pump.nudge();
      return again.workflowId;
    },
  },
];

/** Lets one entry go its way on real servers. @returns its history as Temporal's JSON */
async function record(system: TestSystem, url: string, story: Story): Promise<unknown> {
  const { db } = system;
  const accountId = system.account.account._id;
  const between: Element[] = [];
  let webhookId: WebhookId | undefined;
  for (const [index, element] of story.between.entries()) {
    const base = { id: `e${index}`, title: '' };
    if (!('answers' in element)) between.push({ ...base, ...element } as Element);
    else {
      const { answers, gapSeconds = 1, isPaused } = element;
      const schedule = { preset: 'custom' as const, gapsSeconds: [gapSeconds, gapSeconds] };
      const made = await makeWebhook(system, { url: `${url}/${answers}`, schedule, maxAttempts: 3 });
      webhookId = made;
      if (isPaused)
        await transaction(db, (session) =>
          setWebhookStatus(db, session, { accountId, webhookId: made, status: 'paused', reason: 'Paused.' }),
        );
      between.push({ ...base, kind: 'webhook', settings: { webhookId: made, onFailure: 'continue' } });
    }
  }
  const elements: Element[] = [
    { id: 'start', kind: 'trigger', title: '', settings: { events: [custom(`story.${story.name}`)] } },
    ...between,
    { id: 'end', kind: 'end', title: '', settings: {} },
  ];
  const edges = elements.slice(1).map(({ id }, index) => ({ from: elements[index]?.id ?? '', port: 'next', to: id }));
  await makeMap(system, { settings: { reentry: 'once' }, elements, edges }, story.name);
  const { _id: recordId } = await makeRecord(system, { firstname: 'Ada' });
  await postCustom(system, recordId, `story.${story.name}`);
  const entry = await until('the entry', () => system.db.model(ENTRIES).findOne({ recordId }).lean());
  const told: Told = { ...entry, webhookId: webhookId as WebhookId };
  await until('its first stop', async () => (await getLiveState(system.engine, entry.workflowId))?.waitingFor);
  await story.disturb?.(system, told);
  const workflowId = (await story.keep?.(system, told)) ?? entry.workflowId;
  const handle = system.engine.client.workflow.getHandle(workflowId);
  await until('its workflow', () => handle.describe());
  await handle.result();
  return JSON.parse(historyToJSON(await handle.fetchHistory()), withoutOurselves);
}

/** Leaves out who recorded it and where: neither is looked at by a replay. */
const withoutOurselves = (key: string, value: unknown): unknown =>
  key === 'stackTrace' ? '' : typeof value === 'string' ? value.replaceAll(hostname(), 'recorder') : value;

async function main(): Promise<void> {
  await globalSetup();
  const receiver = await openReceiver(({ path }) => ({ status: Number(path.slice(1)) }));
  // Unencrypted, so that people can read what is recorded; workers read both.
  const system = await openSystem({ dataConverter: {} });
  try {
    for (const story of STORIES) {
      const file = join(FOLDER, `${version}-${story.name}.json`);
      if (existsSync(file)) continue;
      writeFileSync(file, `${JSON.stringify(await record(system, receiver.url, story), null, 1)}\n`);
      console.log(`recorded ${story.name}`);
    }
  } finally {
    await system.close();
    await receiver.close();
    await globalTeardown();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
