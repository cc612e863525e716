import type { OutcomeClass } from '../schemas/delivery';

const HOUR_MS = 3_600_000;
/** A webhook is disabled only after so many failed attempts and so long without a success. Source: docs/delivery.md D15. */
export const DISABLED_AFTER = { attempts: 100, ms: 72 * HOUR_MS };
/** Notices before that, by the time without a success; each also needs a few failures. */
const NOTICES_AFTER_MS = [24 * HOUR_MS, 48 * HOUR_MS];
const NOTICE_ATTEMPTS = 10;

/**
 * Whether a failure says that the receiver as a whole is unwell. One that refuses this request (`rejected`), asks to go
 * slower (429), or got nothing from us (`blocked`, `invalid`) is not.
 *
 * @throws never
 */
export function isReceiverUnwell(outcome: OutcomeClass, status: number | null): boolean {
  switch (outcome) {
    case 'redirect':
    case 'config':
    case 'dns':
    case 'connect':
    case 'tls':
    case 'timeout':
    case 'unknown':
      return true;
    case 'transient':
      return status !== 429;
    case 'success':
    case 'rejected':
    case 'gone':
    case 'blocked':
    case 'invalid':
      return false;
  }
}

/**
 * What follows from failures without a success between them.
 *
 * @param failing.notices how many notices were given since the last success
 * @returns `disable`, the number of the notice that is due, or null
 * @throws never
 */
export function judgeFailing(
  failing: { count: number; since: Date; notices: number },
  nowMs: number,
): { kind: 'disable'; sentence: string } | { kind: 'notice'; number: number; sentence: string } | null {
  const failingMs = nowMs - failing.since.getTime();
  const story = `${failing.count} attempts failed and none succeeded since ${failing.since.toISOString()}`;
  if (failing.count >= DISABLED_AFTER.attempts && failingMs >= DISABLED_AFTER.ms)
    return { kind: 'disable', sentence: `Disabled: ${story}. Its deliveries are held until it is resumed.` };
  const due = NOTICES_AFTER_MS.filter((afterMs) => failingMs >= afterMs).length;
  if (due <= failing.notices || failing.count < NOTICE_ATTEMPTS) return null;
  return {
    kind: 'notice',
    number: due,
    sentence: `${story}. After ${DISABLED_AFTER.attempts} failed attempts and 3 days the webhook is disabled.`,
  };
}
