import { pause } from '../../lib/clock';
import type { Receiver } from '../open-receiver';
import type { Job, Target } from '../target';
import { untilArrived } from './send';

/** What was left after a SIGKILL in the middle of a burst and a restart at once. */
export interface Killed {
  target: Target['name'];
  events: number;
  arrivedBeforeKill: number;
  /** Accepted and not arrived within 120 s: lost, or late */
  lost: number;
  /** Arrived twice with the same delivery id, and with another one */
  repeated: number;
  doubled: number;
  /** From the kill to the last arrival */
  recoveredMs: number;
}

const CONNECTIONS = 16;
const RETRY_MS = 100;
const RECOVER_MS = 120_000;
/** Long enough for a repeat that would come late */
const LATE_MS = 15_000;

/**
 * Posts a burst, kills the target's process when a third has arrived, and starts it again at once. Clients repeat what
 * was not accepted, with the same `Idempotency-Key`.
 */
export async function killInBurst(target: Target, receiver: Receiver, jobs: readonly Job[]): Promise<Killed> {
  receiver.begin();
  const queue = [...jobs].reverse();
  const beganMs = performance.now();
  const giveUpMs = beganMs + RECOVER_MS;
  const post = async (): Promise<void> => {
    for (let job = queue.pop(); job; job = queue.pop()) {
      const repeatable = {
        ...job,
        repeat: { key: `burst-${beganMs}-${job.key}`, at: performance.timeOrigin + performance.now() },
      };
      for (;;) {
        const problem = await target.post(repeatable).then(
          () => null,
          (error: Error) => error,
        );
        if (problem === null) break;
        if (performance.now() > giveUpMs) throw problem;
        await pause(RETRY_MS);
      }
    }
  };
  const posting = Promise.all(Array.from({ length: CONNECTIONS }, post));
  while (receiver.arrivals.size < jobs.length / 3) await pause(5);
  const killedMs = performance.timeOrigin + performance.now();
  await target.kill();
  const arrivedBeforeKill = receiver.arrivals.size;
  await target.start();
  await posting;
  const missing = await untilArrived(
    receiver,
    jobs.map(({ key }) => key),
    RECOVER_MS,
  );
  await pause(LATE_MS);
  const lists = [...receiver.arrivals.values()];
  const twice = lists.filter((list) => list.length > 1);
  const isRepeat = (list: (typeof lists)[number]) => new Set(list.map(({ deliveryId }) => deliveryId)).size === 1;
  return {
    target: target.name,
    events: jobs.length,
    arrivedBeforeKill,
    lost: missing.length,
    repeated: twice.filter(isRepeat).length,
    doubled: twice.filter((list) => !isRepeat(list)).length,
    recoveredMs: Math.max(...lists.map(([first]) => first?.atMs ?? 0)) - killedMs,
  };
}
