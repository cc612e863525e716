import { ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import { type DateHour, dateScheduleId, parseDateScheduleId } from '../../domain/date-schedule';
import { now } from '../../lib/clock';
import { sentenceOf } from '../../lib/errors';
import type { Logger } from '../../lib/logger';
import { CLOCK_DEFAULT } from '../../schemas/account';
import { findAccountClocks } from '../../store/accounts';
import type { Database } from '../../store/database';
import type { ListenerIndex } from '../dispatch/listener-index';
import type { Engine } from '../temporal-client';

/** Runs missed for so long are made up for when Temporal is back; older days are given up. */
const CATCHUP_WINDOW = '7 days';
const DEADLINE_MS = 10_000;
const HOURS = 24;

/**
 * Makes Temporal have exactly the Schedules that are needed: one for each zone and hour of accounts that listen for dates.
 * One that is there is never touched: Temporal gives up the runs it has still to make up for when a Schedule is changed.
 *
 * @throws MongoDB's and Temporal's errors; what is done by then stays done
 * @source docs/events.md
 */
export async function reconcileSchedules(parts: {
  db: Database;
  engine: Engine;
  index: ListenerIndex;
  logger: Logger;
}): Promise<void> {
  const { engine, logger } = parts;
  const prefix = engine.queues.maps.slice(0, -'maps'.length);
  // Listed first: what another process made before that is then known to be needed.
  const existing = await listDateSchedules(engine, prefix);
  const needed = await neededHours(parts);
  const ids = new Set(needed.map((of) => dateScheduleId(prefix, of)));
  for (const id of existing) if (!ids.has(id)) await removeSchedule(engine, id);
  for (const of of needed) {
    const scheduleId = dateScheduleId(prefix, of);
    if (existing.has(scheduleId)) continue;
    // A zone that Temporal does not know must not hold up the others.
    await createSchedule(engine, scheduleId, of).catch((error: unknown) =>
      logger.warn({ scheduleId, error: sentenceOf(error) }, 'schedule of dates not made; trying again'),
    );
  }
}

/** The zones and hours at which somebody's dates have to be looked at. */
async function neededHours({ db, index }: { db: Database; index: ListenerIndex }): Promise<DateHour[]> {
  await index.refresh();
  const accounts = await findAccountClocks(db, index.accountsListeningTo(['date-field.reached', 'date.reached']));
  const hours = accounts.map(({ settings }): [string, DateHour] => {
    const { timezone = CLOCK_DEFAULT.timezone, dateHour: hour = CLOCK_DEFAULT.dateHour } = settings;
    return [`${timezone} ${hour}`, { timezone, hour }];
  });
  return [...new Map(hours).values()];
}

async function listDateSchedules(engine: Engine, prefix: string): Promise<Set<string>> {
  const ids = new Set<string>();
  await engine.client.withDeadline(now().getTime() + DEADLINE_MS, async () => {
    for await (const { scheduleId } of engine.client.schedule.list())
      if (parseDateScheduleId(prefix, scheduleId)) ids.add(scheduleId);
  });
  return ids;
}

async function createSchedule(engine: Engine, scheduleId: string, { timezone, hour }: DateHour): Promise<void> {
  // An hour that the zone's clock skips once a year is no time for Temporal: the next one then does that day's work.
  // On all other days it finds the work done.
  const hours = [hour, (hour + 1) % HOURS];
  try {
    await engine.client.withDeadline(now().getTime() + DEADLINE_MS, () =>
      engine.client.schedule.create({
        scheduleId,
        spec: { calendars: hours.map((of) => ({ hour: of })), timezone },
        policies: { overlap: ScheduleOverlapPolicy.BUFFER_ALL, catchupWindow: CATCHUP_WINDOW },
        // No arguments and no summary: they would stay encrypted with the key of today. The id says what the run is for.
        action: { type: 'startWorkflow', workflowType: 'job', taskQueue: engine.queues.maps, workflowId: scheduleId },
      }),
    );
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}

async function removeSchedule(engine: Engine, scheduleId: string): Promise<void> {
  try {
    await engine.client.withDeadline(now().getTime() + DEADLINE_MS, () =>
      engine.client.schedule.getHandle(scheduleId).delete(),
    );
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}
