import { jobWorkflowIdOf } from '../../lib/ids';
import type { DeliveryStatus, StoredDelivery } from '../../schemas/delivery';
import type { Element } from '../../schemas/element';
import type { AccountId, EntryId, RecordId, WebhookId } from '../../schemas/ids';
import { transaction } from '../../store/database';
import { DELIVERIES } from '../../store/deliveries';
import { findActiveEntries } from '../../store/entries';
import { insertJob } from '../../store/jobs';
import { pauseEntry } from '../../store/pause-entry';
import { appendRecordFacts, deleteRecord } from '../../store/records';
import { replayDelivery } from '../../store/replay-delivery';
import { setWebhookStatus } from '../../store/webhook-status';
import { exitEntry, getLiveState, steerDelivery } from '../../workers/live-state';
import { custom } from '../servers/draw';
import type { TestSystem } from '../servers/open-system';
import { postCustom } from '../servers/post';
import { until } from '../servers/until';
import { runSchedule } from './run-schedule';
import { sendMessage } from './send-message';

type Middle = Pick<Element, 'kind' | 'settings'>;
const wait = (seconds: number): Middle => ({ kind: 'wait', settings: { kind: 'duration', seconds } });
const goal = (name: string, onFoot: 'pass' | 'wait' = 'pass'): Middle => ({
  kind: 'goal',
  settings: { events: [custom(name)], reach: 'inside', onFoot },
});
/** Meets a goal when the entry waits for this. */
const meet = (name: string, waitingFor: string) => async (system: TestSystem, entry: Told) => {
  await until(waitingFor, async () =>
    (await getLiveState(system.engine, entry.workflowId))?.waitingFor?.startsWith(waitingFor),
  );
  if (waitingFor === 'Webhook') await deliveryOf(system, entry, 'waiting-retry');
  await postCustom(system, entry.recordId, name);
};

export interface Told {
  _id: EntryId;
  workflowId: string;
  recordId: RecordId;
  accountId: AccountId;
  /** Of the story's only webhook */
  webhookId: WebhookId;
}

/** One way through a map: what stands between trigger and end, and what happens to the entry while it waits. */
export interface Story {
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
  steerDelivery(system, await deliveryOf(system, entry, 'waiting-retry'), wish);

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

/** Pauses an entry that waits until its wait is over and held, and resumes it. */
async function pauseOverItsWait(system: TestSystem, { workflowId, ...of }: Told): Promise<void> {
  const untilLive = (start: string) =>
    until(start, async () => (await getLiveState(system.engine, workflowId))?.waitingFor?.startsWith(start));
  const pause = (isPaused: boolean) =>
    transaction(system.db, async (session) => {
      for (const entry of await findActiveEntries(system.db, of.recordId, session)) {
        const facts = await pauseEntry(system.db, session, { entry, isPaused });
        await appendRecordFacts(system.db, session, { ...of, facts, hops: 0 });
      }
    });
  await untilLive('Wait');
  await pause(true);
  await untilLive('Paused');
  await pause(false);
  system.pump.nudge();
}

/** All ways that are kept; each of them ends. */
export const STORIES: Story[] = [
  { name: 'webhook-delivered', between: [{ kind: 'webhook', answers: 200 }] },
  { name: 'wait-then-webhook', between: [wait(1), { kind: 'webhook', answers: 200 }] },
  { name: 'webhook-failed-after-retries', between: [{ kind: 'webhook', answers: 500 }] },
  {
    name: 'exit-while-waiting',
    between: [wait(3600)],
    disturb: async (system, { workflowId, accountId, _id: entryId }) => {
      await until('its wait', async () =>
        (await getLiveState(system.engine, workflowId))?.waitingFor?.startsWith('Wait'),
      );
      await exitEntry(system, { accountId, entryId });
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
    name: 'cancelled-in-temporal',
    between: [{ kind: 'webhook', answers: 500, gapSeconds: 3600 }],
    disturb: async (system, entry) => {
      await deliveryOf(system, entry, 'waiting-retry');
      await system.engine.client.workflow.getHandle(entry.workflowId).cancel();
    },
  },
  {
    name: 'held-then-resumed',
    between: [{ kind: 'webhook', answers: 200, isPaused: true }],
    disturb: async (system, entry) => void (await resume(system, entry)),
  },
  {
    name: 'looked-ahead',
    between: [{ kind: 'webhook', answers: 200, isPaused: true }],
    disturb: async (system, entry) => void (await resume(system, entry)),
  },
  { name: 'paused-then-resumed', between: [wait(3), { kind: 'webhook', answers: 200 }], disturb: pauseOverItsWait },
  {
    name: 'jumped-from-wait',
    between: [wait(3600), goal('story.bought'), { kind: 'webhook', answers: 200 }],
    disturb: meet('story.bought', 'Wait'),
  },
  {
    name: 'jumped-from-webhook',
    between: [{ kind: 'webhook', answers: 500, gapSeconds: 3600 }, goal('story.paid'), wait(1)],
    disturb: meet('story.paid', 'Webhook'),
  },
  {
    name: 'rested-at-goal',
    between: [goal('story.came', 'wait'), wait(1)],
    disturb: meet('story.came', 'Goal'),
  },
  { name: 'run-of-a-schedule', between: [], keep: runSchedule },
  { name: 'message-sent', between: [], keep: (system, entry) => sendMessage(system, entry, 'email') },
  {
    name: 'sms-by-gateway',
    between: [{ kind: 'webhook', answers: 200 }],
    keep: (system, entry) => sendMessage(system, entry, 'sms'),
  },
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
