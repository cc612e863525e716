import { pause } from '../../lib/clock';
import { sentenceOf } from '../../lib/errors';
import { reconcileSchedules } from './reconcile-schedules';

const EVERY_MS = 60_000;

/** Makes the Schedules of dates what is needed: now, and once a minute. Several processes may do it at once. */
export function keepDateSchedules(parts: Parameters<typeof reconcileSchedules>[0]): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await reconcileSchedules(parts).catch((error: unknown) =>
        parts.logger.warn({ error: sentenceOf(error) }, 'schedules of dates not looked at; trying again'),
      );
      await pause(EVERY_MS, stopping.signal);
    }
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
