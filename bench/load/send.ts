import { pause } from '../../lib/clock';
import type { Receiver } from '../open-receiver';
import type { Job, Target } from '../target';

/** When the events of a load were posted (inside the event) and accepted, Unix milliseconds by key. */
export interface Sent {
  postedAt: Map<string, number>;
  acceptedMs: number[];
}

const nowMs = (): number => performance.timeOrigin + performance.now();

/** Posts an event and notes its times. */
export async function sendOne(target: Target, job: Job, sent: Sent): Promise<void> {
  const postedAt = nowMs();
  sent.postedAt.set(job.key, postedAt);
  await target.post(job);
  sent.acceptedMs.push(nowMs() - postedAt);
}

/**
 * So many connections, each posting its next event when the one before is through.
 *
 * @param until `arrived`: through is when its webhook has arrived; `accepted`: when it was accepted
 */
export async function sendClosed(
  target: Target,
  receiver: Receiver,
  load: { jobs: readonly Job[]; connections: number; until: 'accepted' | 'arrived' },
): Promise<Sent> {
  const sent: Sent = { postedAt: new Map(), acceptedMs: [] };
  const queue = [...load.jobs].reverse();
  const run = async (): Promise<void> => {
    for (let job = queue.pop(); job; job = queue.pop()) {
      const arrived = receiver.arrived(job.key);
      await sendOne(target, job, sent);
      if (load.until === 'arrived') await arrived;
    }
  };
  await Promise.all(Array.from({ length: load.connections }, run));
  return sent;
}

/** Posts events at fixed times, whatever became of those before. */
export async function sendOpen(target: Target, load: { jobs: readonly Job[]; perSecond: number }): Promise<Sent> {
  const sent: Sent = { postedAt: new Map(), acceptedMs: [] };
  const beganMs = performance.now();
  const posts: Promise<void>[] = [];
  for (const [index, job] of load.jobs.entries()) {
    await pause(beganMs + (index * 1000) / load.perSecond - performance.now());
    posts.push(sendOne(target, job, sent));
  }
  await Promise.all(posts);
  return sent;
}

/** Waits until every key has arrived. @returns the keys that had not by then */
export async function untilArrived(receiver: Receiver, keys: Iterable<string>, withinMs: number): Promise<string[]> {
  const all = [...keys];
  const timeout = new AbortController();
  await Promise.race([Promise.all(all.map((key) => receiver.arrived(key))), pause(withinMs, timeout.signal)]);
  timeout.abort();
  return all.filter((key) => !receiver.arrivals.has(key));
}
