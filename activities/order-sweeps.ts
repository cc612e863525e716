import { dayOfRun, parseDateRunId } from '../domain/date-schedule';
import { targetsOn } from '../domain/date-targets';
import type { DateTarget } from '../schemas/job';
import { findAccountsAt } from '../store/accounts';
import { findListened } from '../store/find-listened';
import { insertSweep } from '../store/jobs';
import type { Dependencies } from './dependencies';

/**
 * What the run of a date schedule is for: a job for each account of its zone and hour that listens for dates. One account
 * has one such job a day, however often the schedule runs.
 *
 * @param workflowId of the run; it names zone, hour and the time that was meant, which may be days ago
 * @throws MongoDB's errors, which are worth repeating
 * @source docs/events.md
 */
export async function orderSweeps({ db }: Dependencies, workflowId: string): Promise<void> {
  const run = parseDateRunId(workflowId);
  if (!run) return;
  const { timezone } = run;
  const day = dayOfRun(run);
  for (const accountId of await findAccountsAt(db, run)) {
    const targets = eachOnce(targetsOn(day, await findListened(db, accountId, ['date-field.reached', 'date.reached'])));
    if (targets.length > 0) await insertSweep(db, accountId, { day, timezone, targets });
  }
}

const eachOnce = (targets: readonly DateTarget[]): DateTarget[] => [
  ...new Map(targets.map((target) => [JSON.stringify(target), target])).values(),
];
