import { monotonicMs } from '../lib/clock';
import type { StoredDelivery } from '../schemas/delivery';
import type { DeliveryFilter } from '../schemas/delivery-filter';
import type { AccountId } from '../schemas/ids';
import type { Page, PageQuery } from '../schemas/page';
import type { Database } from './database';
import { narrowDeliveries } from './delivery-filter';
import { fromCursor, toCursor } from './page';
import { scanDeliveries } from './scan-deliveries';

/** After this long a page is handed over as it is, with the cursor at which to go on. */
const PAGE_MS = 2000;

/**
 * The account's deliveries, newest first. A page that took too long to fill holds fewer rows, perhaps none, and has a
 * cursor: nothing is left out, and nothing comes twice.
 *
 * @param page.budgetMs milliseconds after which the page is handed over as it is; 2000 if absent
 * @throws AppError `request.invalid` for a cursor that is none
 */
export async function listDeliveries(
  db: Database,
  accountId: AccountId,
  filter: DeliveryFilter,
  page: PageQuery & { budgetMs?: number },
): Promise<Page<StoredDelivery>> {
  const startedMs = monotonicMs();
  const before = page.cursor === undefined ? undefined : fromCursor(page.cursor);
  const items: StoredDelivery[] = [];
  for await (const { rows, downTo } of scanDeliveries(db, narrowDeliveries(accountId, filter), {
    before,
    size: page.limit + 1,
  })) {
    items.push(...rows);
    const last = items[page.limit - 1];
    if (items.length > page.limit && last) return { items: items.slice(0, page.limit), nextCursor: toCursor(last._id) };
    if (downTo !== null && monotonicMs() - startedMs >= (page.budgetMs ?? PAGE_MS))
      return { items, nextCursor: toCursor(downTo) };
  }
  return { items, nextCursor: null };
}
