import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection, type ScheduleHandle } from '@temporalio/client';
import { choosePort } from '../../embedded/choose-port';
import { type StartedProcess, spawnStart } from '../servers/spawn-start';
import { until } from '../servers/until';

/** Until the hour comes: enough to take everything down before. */
const AHEAD_MS = 25_000;
const PATIENCE_MS = 60_000;

let folder: string;
let started: StartedProcess;
let env: Record<string, string> & { DATA_DIR: string };
let connection: Connection | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-down-'));
  const ports = await Promise.all(Array.from({ length: 4 }, () => choosePort(0)));
  const [PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT, MONGODB_PORT] = ports.map(String) as [string, string, string, string];
  env = { DATA_DIR: folder, PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT, MONGODB_PORT };
  started = await spawnStart(env);
}, 120_000);
afterAll(async () => {
  await connection?.close();
  await started?.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

const post = <T>(path: string, body: unknown) => started.call<T>('POST', path, body);
const factsOf = async (recordId: string) => {
  type Event = { fact: { type: string } };
  const { items } = await started.call<{ items: Event[] }>('GET', `/v1/events?recordId=${recordId}&limit=200`);
  return items.map(({ fact }) => fact);
};

/** The schedule of dates, as the product makes it when a map listens for them. */
async function openSchedule(): Promise<ScheduleHandle> {
  await connection?.close();
  connection = await Connection.connect({ address: `127.0.0.1:${env.TEMPORAL_PORT}` });
  const { schedule } = new Client({ connection });
  return until(
    'the schedule of dates',
    async () => {
      for await (const { scheduleId } of schedule.list())
        if (/dates:UTC:\d+$/.test(scheduleId)) return schedule.getHandle(scheduleId);
      return null;
    },
    PATIENCE_MS,
  );
}

/** The same schedule with its hour, and the next one, in a moment: nobody waits for an hour. */
function moveTo(schedule: ScheduleHandle, ...times: Date[]): Promise<void> {
  const calendars = times.map((at) => ({
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
  }));
  return schedule.update((known) => ({ ...known, spec: { calendars, timezone: 'UTC' } }));
}

test('an installation that is down over the hour of its dates fires once when it is up again, and as that day', async () => {
  const draft = {
    settings: { reentry: 'always' },
    elements: [
      {
        id: 'a',
        kind: 'trigger',
        settings: { events: [{ type: 'date-field.reached', fieldId: 'birthday', offsetDays: 0, isYearly: true }] },
      },
      { id: 'b', kind: 'end' },
    ],
    edges: [{ from: 'a', port: 'next', to: 'b' }],
  };
  const { id: mapId } = await post<{ id: string }>('/v1/maps', { name: 'Birthdays', draft });
  await post(`/v1/maps/${mapId}/publish`, {});
  // Schedules are made at the start, and then once a minute.
  await started.kill('SIGTERM');
  started = await spawnStart(env);
  const made = await openSchedule();
  const at = new Date(Date.now() + AHEAD_MS);
  const dayOf = (instant: Date) => instant.toISOString().slice(0, 10);
  const day = dayOf(at);
  const bornOn = async (date: string) =>
    (await post<{ id: string }>('/v1/records', { fields: { birthday: `1992${date.slice(4)}` } })).id;
  const [recordId, otherId] = [await bornOn(day), await bornOn(dayOf(new Date(at.getTime() + 3 * 86_400_000)))];
  await moveTo(made, at, new Date(at.getTime() + 2000));
  await connection?.close();
  await started.kill('SIGTERM');
  expect(Date.now()).toBeLessThan(at.getTime());

  await until('the hour to be over', () => Date.now() > at.getTime() + 4000, 2 * AHEAD_MS);
  started = await spawnStart(env);
  const schedule = await openSchedule();
  await until(
    'both runs to be made up for',
    async () => {
      const { info } = await schedule.describe();
      return info.numActionsTaken >= 2 && info.runningActions.length === 0;
    },
    PATIENCE_MS,
  );
  const entriesOf = async (id: string) =>
    (await started.call<{ items: unknown[] }>('GET', `/v1/entries?recordId=${id}`)).items.length;
  await until('the record to have entered', async () => (await entriesOf(recordId)) > 0, PATIENCE_MS);
  expect((await factsOf(recordId)).filter(({ type }) => type !== 'record.created')).toEqual([
    { type: 'date-field.reached', fieldId: 'birthday', offsetDays: 0, isYearly: true, date: day },
  ]);
  expect([await entriesOf(recordId), await entriesOf(otherId), (await factsOf(otherId)).length]).toEqual([1, 0, 1]);
}, 180_000);
