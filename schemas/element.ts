import { z } from 'zod';
import { conditionSchema } from './condition';
import { fieldId, fieldValueSchema } from './field';
import { idSchema } from './ids';
import { listenedEvent } from './listened-event';

const base = {
  id: z
    .string()
    .regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,39}$/, 'must start with a letter and hold only letters, digits, _ and -'),
  title: z.string().trim().max(80).default(''),
};

/** Most characters of an element that was imported and is not understood. */
export const PLACEHOLDER_CHARS_MAX = 65_536;

const YEAR_SECONDS = 366 * 24 * 3600;

/** What sets off a trigger, and meets a goal. */
const met = { events: z.array(listenedEvent).min(1).max(50), condition: conditionSchema.optional() };

/** The boxes of a map: one union for drafts, versions, the API and the workers. Source: docs/maps.md. */
export const elementSchema = z
  .discriminatedUnion('kind', [
    z.object({
      ...base,
      kind: z.literal('trigger'),
      settings: z.object(met),
    }),
    z.object({
      ...base,
      kind: z.literal('goal'),
      settings: z.object({
        ...met,
        reach: z
          .enum(['inside', 'waiting', 'any'])
          .default('inside')
          .meta({ description: 'Who jumps here: whoever is on the map, who waits above it, or every record' }),
        onFoot: z
          .enum(['pass', 'wait'])
          .default('pass')
          .meta({ description: 'Who comes to it without having met it: goes on at once, or waits here for it' }),
      }),
    }),
    z.object({ ...base, kind: z.literal('condition'), settings: z.object({ condition: conditionSchema }) }),
    z.object({
      ...base,
      kind: z.literal('wait'),
      settings: z.object({
        kind: z.literal('duration'),
        seconds: z
          .number()
          .int()
          .min(0)
          .max(5 * YEAR_SECONDS),
      }),
    }),
    z.object({
      ...base,
      kind: z.literal('change-tags'),
      settings: z.object({
        add: z.array(idSchema('tag')).max(50).default([]),
        remove: z.array(idSchema('tag')).max(50).default([]),
      }),
    }),
    z.object({ ...base, kind: z.literal('change-field'), settings: z.object({ fieldId, value: fieldValueSchema }) }),
    z.object({
      ...base,
      kind: z.literal('webhook'),
      settings: z.object({
        webhookId: idSchema('webhook'),
        onFailure: z
          .enum(['continue', 'exit'])
          .default('continue')
          .meta({ description: 'After the last attempt, when the "failed" port leads nowhere' }),
      }),
    }),
    z.object({ ...base, kind: z.literal('end'), settings: z.object({}).default({}) }),
    z.object({
      ...base,
      kind: z.literal('placeholder'),
      settings: z.object({
        source: z.literal('ontraport'),
        type: z.string().max(100).meta({ description: 'Its type there' }),
        raw: z
          .string()
          .max(PLACEHOLDER_CHARS_MAX)
          .meta({ description: 'The element as JSON, given out again as it came' }),
        reason: z.string().max(300).meta({ description: 'What is not understood' }),
      }),
    }),
  ])
  .meta({ id: 'Element' });
export type Element = z.output<typeof elementSchema>;
export type ElementKind = Element['kind'];
export type ElementOf<K extends ElementKind> = Extract<Element, { kind: K }>;

/** Ports by which an element can be left; those after `required` may stay unconnected. */
export const PORTS: Record<ElementKind, { required: readonly string[]; optional: readonly string[] }> = {
  trigger: { required: ['next'], optional: [] },
  goal: { required: ['next'], optional: [] },
  condition: { required: ['yes', 'no'], optional: [] },
  wait: { required: ['next'], optional: [] },
  'change-tags': { required: ['next'], optional: [] },
  'change-field': { required: ['next'], optional: [] },
  webhook: { required: ['next'], optional: ['failed'] },
  end: { required: [], optional: [] },
  placeholder: { required: [], optional: ['next'] },
};

export const edgeSchema = z
  .object({ from: z.string().max(40), port: z.string().max(40), to: z.string().max(40) })
  .meta({ id: 'Edge' });
export type Edge = z.output<typeof edgeSchema>;
