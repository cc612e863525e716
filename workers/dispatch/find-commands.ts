import { readSurroundings } from '../../activities/read-surroundings';
import { type Command, type Listener, routeEvent } from '../../domain/route-event';
import { needsOf } from '../../domain/surroundings';
import type { StoredEvent } from '../../schemas/event';
import type { Database } from '../../store/database';
import { findRecord } from '../../store/records';

/** What follows from an event; the record and what surrounds it are read where the condition of a trigger or goal asks for them. */
export async function findCommands(db: Database, event: StoredEvent, listeners: Listener[]): Promise<Command[]> {
  const conditions = listeners.flatMap((listener) =>
    'condition' in listener && listener.condition ? [listener.condition] : [],
  );
  const record = conditions.length > 0 ? await findRecord(db, event) : { fields: {}, tagIds: [] };
  return routeEvent(event.fact, record, listeners, await readSurroundings(db, event, needsOf(conditions)));
}
