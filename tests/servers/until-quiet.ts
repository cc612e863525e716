import { FINAL_STATUSES } from '../../schemas/delivery';
import { DELIVERIES } from '../../store/deliveries';
import { ENTRIES } from '../../store/entries';
import { EVENTS } from '../../store/events';
import type { TestSystem } from './open-system';
import { until } from './until';

/**
 * Waits until nothing is under way in the database and nothing follows any more: no event is pending, no entry active, no
 * delivery open, twice in a row with as many of each.
 */
export async function untilQuiet({ db }: Pick<TestSystem, 'db'>, timeoutMs?: number): Promise<void> {
  const isOver = { $in: FINAL_STATUSES };
  const countAll = () =>
    Promise.all([
      db.model(EVENTS).countDocuments(),
      db.model(ENTRIES).countDocuments(),
      db.model(DELIVERIES).countDocuments(),
    ]);
  const countOpen = async (): Promise<number> => {
    const [events, entries, deliveries] = await Promise.all([
      db.model(EVENTS).countDocuments({ status: 'pending' }),
      db.model(ENTRIES).countDocuments({ status: 'active' }),
      db.model(DELIVERIES).countDocuments({ status: { $not: isOver } } as object),
    ]);
    return events + entries + deliveries;
  };
  let before = '';
  await until(
    'nothing to be under way',
    async () => {
      // All are counted before the open ones: what follows meanwhile is seen the next time.
      const all = String(await countAll());
      const isStill = (await countOpen()) === 0;
      const isSame = isStill && all === before;
      before = isStill ? all : '';
      return isSame;
    },
    timeoutMs,
  );
}
