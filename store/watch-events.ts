import { pause } from '../lib/clock';
import type { Database } from './database';
import { EVENTS } from './events';

const REOPEN_MS = 1000;

/** Tells of every event that any process writes, for as long as it is open; after a gap it tells once. */
export function watchEvents(
  db: Database,
  on: { onEvent: () => void; onError: (error: unknown) => void },
): { close(): Promise<void> } {
  const stopping = new AbortController();
  const open = () =>
    db.model(EVENTS).collection.watch([{ $match: { operationType: 'insert' } }, { $project: { _id: 1 } }]);
  let stream: ReturnType<typeof open> | undefined;

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        stream = open();
        on.onEvent();
        for await (const _change of stream) on.onEvent();
      } catch (error) {
        if (stopping.signal.aborted) return;
        on.onError(error);
        await pause(REOPEN_MS, stopping.signal);
      }
    }
  };
  const running = run();
  return {
    async close() {
      stopping.abort();
      await stream?.close().catch(() => undefined);
      await running;
    },
  };
}
