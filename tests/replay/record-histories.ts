import { existsSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { version } from '../../package.json';
import type { Element } from '../../schemas/element';
import { transaction } from '../../store/database';
import { ENTRIES } from '../../store/entries';
import { deleteRecord } from '../../store/records';
import { exitEntry, getLiveState } from '../../workers/live-state';
import { custom } from '../servers/draw';
import globalSetup from '../servers/global-setup';
import globalTeardown from '../servers/global-teardown';
import { makeMap, makeRecord, makeWebhook } from '../servers/make';
import { openReceiver } from '../servers/open-receiver';
import { openSystem, type TestSystem } from '../servers/open-system';
import { postCustom } from '../servers/post';
import { until } from '../servers/until';

const FOLDER = join(__dirname, 'histories');
const gapsSeconds = [1, 1];

type Middle = Pick<Element, 'kind' | 'settings'>;
const wait = (seconds: number): Middle => ({ kind: 'wait', settings: { kind: 'duration', seconds } });

/** One way through a map: what stands between trigger and end, and what happens to the entry while it waits. */
interface Story {
  name: string;
  /** `webhook` stands for a webhook whose receiver answers so */
  between: (Middle | { kind: 'webhook'; answers: number })[];
  disturb?: (system: TestSystem, entry: { workflowId: string; recordId: `rec_${string}` }) => Promise<void>;
}

const STORIES: Story[] = [
  { name: 'webhook-delivered', between: [{ kind: 'webhook', answers: 200 }] },
  { name: 'wait-then-webhook', between: [wait(1), { kind: 'webhook', answers: 200 }] },
  { name: 'webhook-failed-after-retries', between: [{ kind: 'webhook', answers: 500 }] },
  {
    name: 'exit-while-waiting',
    between: [wait(3600)],
    disturb: (system, entry) => exitEntry(system.engine, entry.workflowId),
  },
  {
    name: 'record-deleted-while-waiting',
    between: [wait(3600)],
    disturb: async ({ db, account, pump }, { recordId }) => {
      await transaction(db, (session) => deleteRecord(db, session, { accountId: account.account._id, recordId }));
      pump.nudge();
    },
  },
];

/** Lets one entry go its way on real servers. @returns its history as Temporal's JSON */
async function record(system: TestSystem, url: string, story: Story): Promise<unknown> {
  const between: Element[] = [];
  for (const [index, element] of story.between.entries()) {
    const base = { id: `e${index}`, title: '' };
    if (!('answers' in element)) between.push({ ...base, ...element } as Element);
    else {
      const schedule = { preset: 'custom' as const, gapsSeconds };
      const webhookId = await makeWebhook(system, { url: `${url}/${element.answers}`, schedule, maxAttempts: 3 });
      between.push({ ...base, kind: 'webhook', settings: { webhookId, onFailure: 'continue' } });
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
  if (story.disturb) {
    await until('its wait', async () =>
      (await getLiveState(system.engine, entry.workflowId))?.waitingFor?.startsWith('Wait'),
    );
    await story.disturb(system, entry);
  }
  const handle = system.engine.client.workflow.getHandle(entry.workflowId);
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
