/** A limit and from when on it holds, Unix milliseconds; the first holds from ever. */
export interface Step {
  fromMs: number;
  limit: number;
}

/** An edit through the API: asked for and answered at these instants. */
export interface Edit {
  askedMs: number;
  answeredMs: number;
  limit: number;
}

/** A lowered limit is exact so long after the edit was answered. Source: docs/rate.md. */
const LOWERED_AFTER_MS = 5000;

/** When each limit of a webhook begins to hold: a raised one when it is asked for, a lowered one 5 s after the answer. */
export function stepsOf(limit: number, edits: readonly Edit[]): Step[] {
  const steps: Step[] = [{ fromMs: Number.NEGATIVE_INFINITY, limit }];
  for (const edit of edits) {
    const isRaised = edit.limit > (steps.at(-1)?.limit ?? 0);
    steps.push({ fromMs: isRaised ? edit.askedMs : edit.answeredMs + LOWERED_AFTER_MS, limit: edit.limit });
  }
  return steps;
}

/** The highest limit in force at any instant of a stretch, its ends included. */
export function highestIn(steps: readonly Step[], fromMs: number, toMs: number): number {
  const inForce = steps.filter(
    (step, index) => step.fromMs <= toMs && (steps[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY) > fromMs,
  );
  return Math.max(...inForce.map(({ limit }) => limit));
}

/** Requests that the limits allow in a stretch: the limit summed over its time, in minutes. */
export function allowedIn(steps: readonly Step[], fromMs: number, toMs: number): number {
  return steps.reduce((sum, step, index) => {
    const from = Math.max(fromMs, step.fromMs);
    const to = Math.min(toMs, steps[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY);
    return sum + (Math.max(0, to - from) / 60_000) * step.limit;
  }, 0);
}
