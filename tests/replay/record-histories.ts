import { existsSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { version } from '../../package.json';
import type { Element } from '../../schemas/element';
import type { WebhookId } from '../../schemas/ids';
import { transaction } from '../../store/database';
import { ENTRIES } from '../../store/entries';
import { setWebhookStatus } from '../../store/webhook-status';
import { getLiveState } from '../../workers/live-state';
import { custom } from '../servers/draw';
import globalSetup from '../servers/global-setup';
import globalTeardown from '../servers/global-teardown';
import { makeMap, makeRecord, makeWebhook } from '../servers/make';
import { openReceiver } from '../servers/open-receiver';
import { openSystem, type TestSystem } from '../servers/open-system';
import { postCustom } from '../servers/post';
import { until } from '../servers/until';
import { STORIES, type Story, type Told } from './stories';

const FOLDER = join(__dirname, 'histories');

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
