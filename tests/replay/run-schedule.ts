import { dateScheduleId } from '../../domain/date-schedule';
import { reconcileSchedules } from '../../workers/dates/reconcile-schedules';
import { openListenerIndex } from '../../workers/dispatch/listener-index';
import { triggerToEnd } from '../servers/draw';
import { makeMap } from '../servers/make';
import type { TestSystem } from '../servers/open-system';
import { until } from '../servers/until';

/** Lets the Schedule of dates run now. @returns the workflow of the run */
export async function runSchedule(system: TestSystem): Promise<string> {
  const { db, engine, logger, prefix } = system;
  await makeMap(system, triggerToEnd({ type: 'date.reached', date: '2100-01-01' }));
  await reconcileSchedules({ db, engine, logger, index: openListenerIndex(db) });
  const handle = engine.client.schedule.getHandle(dateScheduleId(prefix, { timezone: 'UTC', hour: 9 }));
  await handle.trigger();
  const run = await until('its run', async () => (await handle.describe()).info.recentActions[0]);
  await handle.delete();
  return run.action.workflow.workflowId;
}
