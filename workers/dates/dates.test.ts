import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { ScheduleNotFoundError } from '@temporalio/client';
import { sweepDates } from '../../activities/sweep-dates';
import { dateScheduleId } from '../../domain/date-schedule';
import { addDays, localDayOf } from '../../domain/local-day';
import type { FieldValues } from '../../schemas/field';
import type { RecordId } from '../../schemas/ids';
import type { StoredJob } from '../../schemas/job';
import type { ListenedEvent } from '../../schemas/listened-event';
import { ACCOUNTS, saveAccountEdit } from '../../store/accounts';
import { raiseListenersRevision } from '../../store/counters';
import { transaction } from '../../store/database';
import { ENTRIES } from '../../store/entries';
import { EVENTS } from '../../store/events';
import { JOBS } from '../../store/jobs';
import { MAPS } from '../../store/maps';
import { triggerToEnd } from '../../tests/servers/draw';
import { makeMap, makeRecord } from '../../tests/servers/make';
import { openSystem, type TestSystem } from '../../tests/servers/open-system';
import { untilHandled } from '../../tests/servers/post';
import { until } from '../../tests/servers/until';
import { openListenerIndex } from '../dispatch/listener-index';
import { reconcileSchedules } from './reconcile-schedules';

const NEW_YORK = 'America/New_York';

let system: TestSystem;
beforeAll(async () => {
  system = await openSystem();
});
afterEach(() =>
  transaction(system.db, async (session) => {
    const listenersRevision = await raiseListenersRevision(system.db, session);
    await system.db.model(MAPS).updateMany({}, { $set: { publishedNumber: null, listenersRevision } }, { session });
  }),
);
afterAll(async () => {
  await system.db.model(ACCOUNTS).updateMany({}, { $set: { settings: { allowHttp: true } } });
  await reconcile();
  await system.close();
});

/** Reads all that listens anew, as a pump that starts does. */
const reconcile = () => {
  const { db, engine, logger } = system;
  return reconcileSchedules({ db, engine, logger, index: openListenerIndex(db) });
};
const scheduleOf = (timezone: string, hour: number) =>
  system.engine.client.schedule.getHandle(dateScheduleId(system.prefix, { timezone, hour }));
const setClock = (clock: { timezone: string; dateHour: number }) =>
  transaction(system.db, (session) =>
    saveAccountEdit(system.db, session, { accountId: system.account.account._id, name: 'Test', ...clock }),
  );
const listenTo = (event: ListenedEvent) => makeMap(system, triggerToEnd(event, 'always'));
const entriesOf = (recordId: RecordId) => system.db.model(ENTRIES).countDocuments({ recordId });
const jobOf = (day: string) =>
  until(`the sweep of ${day}`, () => system.db.model(JOBS).findOne({ title: `Dates of ${day}`, status: 'completed' }));
const recordWith = (fields: FieldValues) => makeRecord(system, fields).then(({ _id }) => _id);

test('a zone and hour has its schedule as long as anybody listens for dates there', async () => {
  await setClock({ timezone: NEW_YORK, dateHour: 7 });
  await reconcile();
  await expect(scheduleOf(NEW_YORK, 7).describe()).rejects.toBeInstanceOf(ScheduleNotFoundError);

  await listenTo({ type: 'date-field.reached', fieldId: 'birthday', offsetDays: 0, isYearly: true });
  await Promise.all([reconcile(), reconcile()]);
  const { spec, policies, action } = await scheduleOf(NEW_YORK, 7).describe();
  expect(spec.timezone).toBe(NEW_YORK);
  expect(spec.calendars?.map(({ hour, minute }) => [hour, minute])).toEqual([
    [[{ start: 7, end: 7, step: 1 }], [{ start: 0, end: 0, step: 1 }]],
    [[{ start: 8, end: 8, step: 1 }], [{ start: 0, end: 0, step: 1 }]],
  ]);
  expect(policies).toMatchObject({ overlap: 'BUFFER_ALL', catchupWindow: 7 * 24 * 3_600_000 });
  expect(action).toMatchObject({ workflowType: 'job', taskQueue: system.engine.queues.maps });

  await setClock({ timezone: 'Asia/Kathmandu', dateHour: 7 });
  await until('the schedule of the new zone alone', async () => {
    await reconcile();
    await scheduleOf('Asia/Kathmandu', 7).describe();
    return scheduleOf(NEW_YORK, 7)
      .describe()
      .then(
        () => false,
        () => true,
      );
  });
});

test('on its day a record enters once, though the schedule runs twice; others stay out', async () => {
  await setClock({ timezone: NEW_YORK, dateHour: 9 });
  const today = localDayOf(new Date().toISOString(), NEW_YORK);
  const date = (day: string) => `${day}T00:00:00.000Z`;
  const due = await recordWith({ birthday: date(addDays(today, 3)) });
  const later = await recordWith({ birthday: date(addDays(today, 4)) });
  await listenTo({ type: 'date-field.reached', fieldId: 'birthday', offsetDays: -3, isYearly: false });
  await listenTo({ type: 'date.reached', date: addDays(today, 1) });
  await reconcile();
  await scheduleOf(NEW_YORK, 9).trigger();
  await jobOf(today);
  await scheduleOf(NEW_YORK, 9).trigger();
  await until('both runs', async () => {
    const { info } = await scheduleOf(NEW_YORK, 9).describe();
    return info.numActionsTaken >= 2 && info.runningActions.length === 0;
  });
  // A page again, as after a crash before its end was noted: every fact is there already.
  const job = await system.db
    .model(JOBS)
    .findOne({ title: `Dates of ${today}` })
    .lean<StoredJob>();
  const again = await sweepDates(
    { db: system.db, onEvents: system.pump.nudge },
    { ...(job as StoredJob), cursor: null },
  );
  expect([again.done, again.skipped]).toEqual([0, 1]);
  await untilHandled(system);
  expect([await entriesOf(due), await entriesOf(later)]).toEqual([1, 0]);
});

test('a day that was missed fires once when it is made up for, and as that day', async () => {
  await setClock({ timezone: 'Australia/Lord_Howe', dateHour: 2 });
  // The day on which the clock skips 02:00 to 02:30 there: nothing can run at two.
  const day = '2026-10-04';
  const recordId = await recordWith({ birthday: '1990-10-04T00:00:00.000Z' });
  await listenTo({ type: 'date-field.reached', fieldId: 'birthday', offsetDays: 0, isYearly: true });
  await reconcile();
  const schedule = scheduleOf('Australia/Lord_Howe', 2);
  const missed = {
    start: new Date('2026-10-03T10:00:00Z'),
    end: new Date('2026-10-03T23:00:00Z'),
    overlap: 'BUFFER_ALL' as const,
  };
  await schedule.backfill(missed);
  await jobOf(day);
  await schedule.backfill(missed);
  await until('all runs', async () => {
    const { info } = await schedule.describe();
    return info.numActionsTaken >= 2 && info.runningActions.length === 0;
  });
  await untilHandled(system);
  const facts = await system.db
    .model(EVENTS)
    .find({ recordId, 'fact.type': 'date-field.reached' } as object)
    .lean();
  expect(facts.map(({ fact }) => fact)).toEqual([
    { type: 'date-field.reached', fieldId: 'birthday', offsetDays: 0, isYearly: true, date: day },
  ]);
  expect(await entriesOf(recordId)).toBe(1);
});

test('a set date is for every record of the type, page by page', async () => {
  await setClock({ timezone: 'UTC', dateHour: 5 });
  const day = '2026-07-14';
  const ids = await Promise.all(Array.from({ length: 130 }, () => recordWith({})));
  await listenTo({ type: 'date.reached', date: day });
  await reconcile();
  const start = new Date(`${day}T04:30:00Z`);
  await scheduleOf('UTC', 5).backfill({ start, end: new Date(`${day}T05:30:00Z`), overlap: 'BUFFER_ALL' });
  await jobOf(day);
  await untilHandled(system, 60_000);
  const entered = await system.db.model(ENTRIES).distinct('recordId', { recordId: { $in: ids } } as object);
  expect(entered).toHaveLength(130);
  expect(await system.db.model(ENTRIES).countDocuments({ recordId: { $in: ids } } as object)).toBe(130);
});
