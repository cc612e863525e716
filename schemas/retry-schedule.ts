import { z } from 'zod';

const SECOND = 1;
const MINUTE = 60;
const HOUR = 3600;

/**
 * Gaps in seconds before attempts 2, 3, ... of each preset: the one table behind the engine, the API documents and the
 * previews. Source: docs/delivery.md D1.
 */
export const SCHEDULE_PRESETS = {
  standard: [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
  quick: [5 * SECOND, 30 * SECOND, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE],
  day: [5 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 5 * HOUR, 6 * HOUR, 8 * HOUR],
  none: [],
} as const satisfies Record<string, readonly number[]>;
export type SchedulePreset = keyof typeof SCHEDULE_PRESETS;

const WEEK_SECONDS = 7 * 24 * HOUR;

export const scheduleSchema = z
  .discriminatedUnion('preset', [
    z.object({ preset: z.enum(['standard', 'quick', 'day', 'none']) }),
    z.object({
      preset: z.literal('custom'),
      gapsSeconds: z
        .array(
          z
            .number()
            .int()
            .min(1)
            .max(24 * HOUR),
        )
        .max(9)
        .refine(
          (gaps) => gaps.reduce((sum, gap) => sum + gap, 0) <= WEEK_SECONDS,
          'the gaps must add up to at most 7 days',
        )
        .meta({ description: 'Seconds before attempts 2, 3, ...: up to 9 gaps of 1 s to 24 h' }),
    }),
  ])
  .meta({ id: 'RetrySchedule' });
export type RetrySchedule = z.output<typeof scheduleSchema>;
