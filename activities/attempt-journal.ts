import type { Attempt } from '../schemas/delivery';
import type { AttemptKey } from '../store/delivery-attempts';

const BODY_CHARS = 2048;
/** Names and values together; enough for what receivers usually send. */
const HEADER_CHARS = 4096;

/** The lines of all attempts that may have reached the receiver, oldest first. */
export type Journal = Attempt[];

const isSameAttempt = (a: Attempt, b: Attempt): boolean => a.call === b.call && a.temporalAttempt === b.temporalAttempt;
const byKey = (a: Attempt, b: Attempt): number => a.call - b.call || a.temporalAttempt - b.temporalAttempt;

/** Lines of several journals, each attempt once (the first mention wins), numbered from 1. */
export function mergeJournals(...journals: (Journal | undefined)[]): Journal {
  const merged: Journal = [];
  for (const line of journals.flatMap((journal) => journal ?? [])) {
    if (!merged.some((known) => isSameAttempt(known, line))) merged.push(line);
  }
  return merged.sort(byKey).map((line, index) => ({ ...line, number: index + 1 }));
}

/** The line of an attempt that vanished with its process. */
export const unknownAttempt = (key: AttemptKey): Attempt => ({
  number: 0,
  call: key.call,
  temporalAttempt: key.attempt,
  class: 'unknown',
  startedAt: null,
  durationMs: null,
  status: null,
  error: 'unknown: may have been processed',
  request: null,
  response: null,
  peer: null,
  webhookRevision: null,
  nextAttemptInMs: null,
});

/**
 * Adds a line for every attempt of this call that began and left none.
 *
 * @param key       the attempt that asks; those before it are looked for
 * @param hasBegun  whether an attempt is known to have begun
 */
export function addVanished(journal: Journal, key: AttemptKey, hasBegun: (attempt: number) => boolean): Journal {
  const vanished = Array.from({ length: key.attempt - 1 }, (_, index) => ({
    call: key.call,
    attempt: index + 1,
  })).filter(
    ({ call, attempt }) =>
      hasBegun(attempt) && !journal.some((line) => line.call === call && line.temporalAttempt === attempt),
  );
  return mergeJournals(journal, vanished.map(unknownAttempt));
}

/**
 * What Temporal keeps of a line: headers up to 4 KiB, and the first 2 KiB of each body. What was mapped from an answer stays
 * whole: the step after the delivery needs it.
 */
export const shorten = (line: Attempt): Attempt => ({
  ...line,
  request: line.request && {
    ...line.request,
    headers: firstOf(line.request.headers),
    body: line.request.body.slice(0, BODY_CHARS),
  },
  response: line.response && {
    headers: firstOf(line.response.headers),
    body: line.response.body.slice(0, BODY_CHARS),
    isTruncated: line.response.isTruncated || line.response.body.length > BODY_CHARS,
  },
});

/** The headers that fit, in order. */
function firstOf(headers: Record<string, string>): Record<string, string> {
  let left = HEADER_CHARS;
  return Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => {
      left -= name.length + value.length;
      return left >= 0;
    }),
  );
}

/** When an attempt ended; null for one that vanished. */
export const endOf = ({ startedAt, durationMs }: Attempt): Date | null =>
  startedAt === null ? null : new Date(Date.parse(startedAt) + (durationMs ?? 0));
