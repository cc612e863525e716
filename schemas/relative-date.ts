import { z } from 'zod';

const amount = z.number().int().min(-3650).max(3650);

/** Days that a relative date counts from. `last-sunday` is the one before today. */
export const DAY_ANCHORS = ['today', 'last-sunday', 'first-of-month', 'first-of-year'] as const;
export const DAY_UNITS = ['days', 'weeks', 'months', 'years'] as const;

/**
 * A date that moves with the clock: so many units after what it counts from, before it when negative. From `now` it is an
 * instant, else a day in the account's zone. Source: reference section 2B, relative dates.
 */
export const relativeDate = z
  .discriminatedUnion('from', [
    z.object({ from: z.literal('now'), amount, unit: z.enum(['minutes', 'hours']) }),
    ...DAY_ANCHORS.map((from) =>
      z.object({ from: z.literal(from), amount: amount.default(0), unit: z.enum(DAY_UNITS).default('days') }),
    ),
  ])
  .meta({
    id: 'RelativeDate',
    description: 'A date that moves with the clock: 7 days ago is {"from": "today", "amount": -7, "unit": "days"}',
  });
export type RelativeDate =
  | { from: 'now'; amount: number; unit: 'minutes' | 'hours' }
  | { from: (typeof DAY_ANCHORS)[number]; amount: number; unit: (typeof DAY_UNITS)[number] };
