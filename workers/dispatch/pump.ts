import { findLoop } from '../../domain/find-loop';
import { now, pause } from '../../lib/clock';
import { isDatabaseFault, sentenceOf } from '../../lib/errors';
import type { Logger } from '../../lib/logger';
import type { StoredEvent } from '../../schemas/event';
import type { EventId, RecordId } from '../../schemas/ids';
import { findPending, findPendingOf, parkEvent, postponeEvent, settleEvents } from '../../store/events';
import { isEngineFault } from '../temporal-client';
import { carryOut, type Dispatch } from './carry-out';
import { findCommands } from './find-commands';
import type { ListenerIndex } from './listener-index';
import type { Shares } from './shares';

const PAGE = 200;
const SWEEP_MS = 1000;
const RENEW_MS = 2000;
const TRIES_MAX = 8;
const RETRY_BASE_MS = 500;
const RETRY_MAX_MS = 60_000;

/** Automations that set each other off without an end: trying again would not help. */
class LoopError extends Error {}

/** Reads pending events of our shares and carries them out: in order for one record, side by side for many. */
export interface Pump {
  /** There is something new: look now, not at the next sweep */
  nudge(): void;
  /** Finishes what is under way and gives the shares back */
  stop(): Promise<void>;
}

/**
 * @param parts.concurrency records whose events are carried out at once
 * @param parts.retryBaseMs before the second try of an event that fails; doubled with each; 500 if absent
 */
export function startPump(
  parts: Dispatch & {
    index: ListenerIndex;
    shares: Shares;
    logger: Logger;
    concurrency: number;
    retryBaseMs?: number;
  },
): Pump {
  const { db, index, shares, logger, retryBaseMs = RETRY_BASE_MS } = parts;
  const busy = new Map<RecordId, Promise<void>>();
  /** Carried out, and soon to be marked so */
  const handled = new Set<EventId>();
  let isStopped = false;
  let awake = new AbortController();
  const nudge = (): void => awake.abort();

  const handle = async (event: StoredEvent): Promise<void> => {
    const commands = await findCommands(db, event, index.find(event));
    const loop = findLoop(event, commands);
    if (loop) throw new LoopError(loop);
    for (const command of commands) await carryOut(parts, event, command);
  };

  /** @returns whether the record's next event may go on */
  const handleOrPostpone = async (event: StoredEvent): Promise<boolean> => {
    try {
      await handle(event);
      handled.add(event._id);
      return true;
    } catch (error) {
      const isOwnFault = isDatabaseFault(error) || isEngineFault(error);
      const sentence = sentenceOf(error);
      logger[isOwnFault ? 'warn' : 'error'](
        { eventId: event._id, tries: event.tries, error: sentence },
        'event not handled',
      );
      if (isOwnFault) {
        await pause(SWEEP_MS);
        return false;
      }
      const isParked = error instanceof LoopError || event.tries + 1 >= TRIES_MAX;
      if (isParked) await parkEvent(db, { eventId: event._id, error: sentence });
      else
        await postponeEvent(db, {
          eventId: event._id,
          error: sentence,
          retryAt: new Date(now().getTime() + Math.min(RETRY_MAX_MS, retryBaseMs * 2 ** event.tries)),
        });
      return isParked;
    }
  };

  const handleRecord = async (events: StoredEvent[]): Promise<void> => {
    for (const event of events) {
      if (!(await handleOrPostpone(event))) break;
    }
  };

  const startReady = async (): Promise<void> => {
    let after: EventId | undefined;
    for (;;) {
      const partitions = shares.owned();
      if (partitions.length === 0) return;
      const page = await findPending(db, { partitions, limit: PAGE, ...(after ? { after } : {}) });
      const fresh = page.filter((event) => !handled.has(event._id) && !busy.has(event.recordId));
      const isWhole = after === undefined && page.length < PAGE;
      const groups = await groupByRecord(fresh, isWhole);
      // After the last read of events: a publish that any of them came after is then known.
      if (groups.length > 0) await index.refresh();
      for (const [recordId, events] of groups) {
        while (busy.size >= parts.concurrency) await Promise.race(busy.values());
        if (isStopped) return;
        if (busy.has(recordId)) continue;
        const work = handleRecord(events)
          .catch((error: unknown) => logger.error({ recordId, error: sentenceOf(error) }, 'record not handled'))
          .finally(() => {
            busy.delete(recordId);
            nudge();
          });
        busy.set(recordId, work);
      }
      after = page.at(-1)?._id;
      if (page.length < PAGE) return;
    }
  };

  /** The events of each record in order, without the records whose first event waits for its next try. */
  const groupByRecord = async (events: StoredEvent[], isWhole: boolean): Promise<[RecordId, StoredEvent[]][]> => {
    const recordIds = [...new Set(events.map((event) => event.recordId))];
    const complete = isWhole ? events : (await findPendingOf(db, recordIds)).filter((event) => !handled.has(event._id));
    const groups = new Map<RecordId, StoredEvent[]>(recordIds.map((recordId) => [recordId, []]));
    for (const event of complete) groups.get(event.recordId)?.push(event);
    const nowMs = now().getTime();
    return [...groups]
      .map(([recordId, group]): [RecordId, StoredEvent[]] => [recordId, group.sort((a, b) => a.seq - b.seq)])
      .filter(([, group]) => (group[0]?.retryAt?.getTime() ?? 0) <= nowMs);
  };

  const settle = async (): Promise<void> => {
    const ids = [...handled];
    await settleEvents(db, ids);
    for (const id of ids) handled.delete(id);
  };

  const run = async (): Promise<void> => {
    while (!isStopped) {
      awake = new AbortController();
      try {
        await settle();
        await startReady();
      } catch (error) {
        logger.warn({ error: sentenceOf(error) }, 'events not read; trying again');
        await pause(SWEEP_MS);
      }
      await pause(SWEEP_MS, awake.signal);
    }
    await Promise.all(busy.values());
    await settle();
  };

  const renew = (): void =>
    void shares
      .renew()
      .then(nudge, (error: unknown) => logger.warn({ error: sentenceOf(error) }, 'shares not renewed'));
  renew();
  const renewing = setInterval(renew, RENEW_MS);
  const running = run();
  return {
    nudge,
    async stop() {
      isStopped = true;
      clearInterval(renewing);
      nudge();
      await running.catch((error: unknown) => logger.warn({ error: sentenceOf(error) }, 'events left unsettled'));
      await shares.release();
    },
  };
}
