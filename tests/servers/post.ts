import type { Fact, StoredEvent } from '../../schemas/event';
import type { EventId, RecordId } from '../../schemas/ids';
import { transaction } from '../../store/database';
import { ENTRIES, findActiveEntries } from '../../store/entries';
import { EVENTS } from '../../store/events';
import { appendRecordFacts } from '../../store/records';
import { exitEntry } from '../../workers/live-state';
import type { TestSystem } from './open-system';
import { until } from './until';

type Posting = Pick<TestSystem, 'db' | 'account' | 'pump'>;

/** Writes facts about a record, as the API does. */
export async function post(system: Posting, recordId: RecordId, ...facts: Fact[]): Promise<StoredEvent[]> {
  const accountId = system.account.account._id;
  const events = await transaction(system.db, (session) =>
    appendRecordFacts(system.db, session, { accountId, recordId, facts, hops: 0 }),
  );
  system.pump.nudge();
  return events;
}

/** Writes a custom event about a record. */
export const postCustom = async (system: Posting, recordId: RecordId, name: string): Promise<EventId> => {
  const [event] = await post(system, recordId, { type: 'custom', name, data: {} });
  if (!event) throw new Error('no event was written');
  return event._id;
};

/** Waits until no event of the database is pending. */
export const untilHandled = (system: Posting, timeoutMs?: number): Promise<boolean> =>
  until(
    'all events to be handled',
    async () => (await system.db.model(EVENTS).countDocuments({ status: 'pending' })) === 0,
    timeoutMs,
  );

/** Ends what still waits in maps, so that no workflow outlives the test file. */
export async function endEntries(system: Pick<TestSystem, 'db' | 'engine'>): Promise<void> {
  for (const recordId of await system.db.model(ENTRIES).distinct('recordId', { status: 'active' })) {
    for (const { accountId, _id: entryId } of await findActiveEntries(system.db, recordId as RecordId))
      await exitEntry(system, { accountId, entryId }).catch(() => undefined);
  }
}
