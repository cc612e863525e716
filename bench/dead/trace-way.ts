import { temporal } from '@temporalio/proto';
import type { RecordId } from '../../schemas/ids';
import type { Database } from '../../store/database';
import { ENTRIES } from '../../store/entries';
import type { Engine } from '../../workers/temporal-client';

const { EventType } = temporal.api.enums.v1;

/**
 * Where the time of a slow event went: the stations of its entry, `+` milliseconds after it was posted.
 *
 * @param recordId of a record that entered one map once
 * @returns one line: when the pump let the record in, and each event of its workflow's history
 */
export async function traceWay(
  on: { db: Database; engine: Engine },
  { recordId, postedAt }: { recordId: RecordId; postedAt: number },
): Promise<string> {
  const entry = await on.db.model(ENTRIES).findOne({ recordId }).lean();
  if (!entry) return 'no entry';
  const after = (ms: number): string => `+${Math.round(ms - postedAt)}`;
  const { events } = await on.engine.client.workflow.getHandle(entry.workflowId).fetchHistory();
  const stations = (events ?? []).map(({ eventType, eventTime }) => {
    const ms = Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6;
    const name = EventType[eventType ?? 0] ?? '';
    return `${name.replace('EVENT_TYPE_', '').toLowerCase()} ${after(ms)}`;
  });
  return [`entry ${after(entry.startedAt.getTime())}`, ...stations].join(', ');
}
