import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { FAILURE_CONVERTER } from '../../lib/secrets/payload-codec';
import { testConverter } from '../servers/open-system';
import { quietRuntime } from '../servers/quiet-runtime';

const HISTORIES = join(__dirname, 'histories');
const WORKFLOWS = join(__dirname, '..', '..', 'workflows', 'index.ts');

interface RecordedEvent {
  eventType: string;
  activityTaskScheduledEventAttributes?: { activityType: { name: string } };
}
interface Recorded {
  events: RecordedEvent[];
}

let workflowBundle: { code: string };
beforeAll(async () => {
  quietRuntime();
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: WORKFLOWS,
    failureConverterPath: FAILURE_CONVERTER,
    logger: new DefaultLogger('WARN'),
  });
}, 60_000);

const files = readdirSync(HISTORIES).filter((name) => name.endsWith('.json'));
const read = (name: string): Recorded => JSON.parse(readFileSync(join(HISTORIES, name), 'utf8'));
const readOne = (ending: string): Recorded => read(files.find((name) => name.endsWith(ending)) ?? '');
const replay = (history: Recorded): Promise<void> =>
  Worker.runReplayHistory({ workflowBundle, dataConverter: testConverter() }, history);

test.each(files)(
  'an entry with the history %s can go on',
  async (name) => {
    await replay(read(name));
  },
  30_000,
);

test('a history in which another activity was asked for is refused', async () => {
  const history = readOne('webhook-delivered.json');
  const asked = history.events.map((event) => event.activityTaskScheduledEventAttributes).find(Boolean);
  if (!asked) throw new Error('the history has no activity');
  asked.activityType.name = 'sendLetter';
  await expect(replay(history)).rejects.toThrow(DeterminismViolationError);
}, 30_000);

test('a history that went another way from the same start is refused', async () => {
  const [delivered, waiting] = [readOne('webhook-delivered.json'), readOne('wait-then-webhook.json')];
  const isAsked = ({ eventType }: RecordedEvent) => eventType === 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED';
  const sent = delivered.events.findIndex(isAsked);
  expect(waiting.events[sent]?.eventType).toBe('EVENT_TYPE_TIMER_STARTED');
  const mixed = { events: [...delivered.events.slice(0, sent), ...waiting.events.slice(sent, sent + 1)] };
  await expect(replay(mixed)).rejects.toThrow(DeterminismViolationError);
}, 30_000);

test('there is a history of every stop, of every message that changes one, and of every workflow', () => {
  const stories = files.map((name) => name.replace(/^[\d.]+-/, '').replace('.json', ''));
  expect(stories).toEqual(
    expect.arrayContaining([
      'webhook-delivered',
      'webhook-failed-after-retries',
      'wait-then-webhook',
      'exit-while-waiting',
      'record-deleted-while-waiting',
      'retried-by-hand',
      'cancelled-by-hand',
      'held-then-resumed',
      'looked-ahead',
      'job-of-new-turns',
      'run-of-a-schedule',
      'message-sent',
      'sms-by-gateway',
      'replayed',
    ]),
  );
});
