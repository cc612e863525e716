import { z } from 'zod';
import { actionSchema } from './action';
import { conditionSchema } from './condition';
import {
  type AccountId,
  type EvaluationId,
  type EventId,
  type FormId,
  idSchema,
  numberSchema,
  type RecordId,
  type RuleId,
} from './ids';
import { listenedEvent } from './listened-event';
import { objectTypeId } from './object-type';
import { pageQuery } from './page';

const events = z.array(listenedEvent).max(50).meta({ description: 'Any of these makes the rule look' });
const actions = z.array(actionSchema).max(50).meta({ description: 'Done in this order, all of them or none' });

/** When these events, if this condition, do these actions. Source: docs/rules.md. */
export const ruleSettings = z.object({
  name: z.string().trim().min(1).max(100),
  objectTypeId: objectTypeId.default(0),
  events: events.min(1),
  condition: conditionSchema.optional().meta({ description: 'Only when this is true of the record then' }),
  actions: actions.min(1),
});
export type RuleSettings = z.output<typeof ruleSettings>;

/** What is understood of a rule that also has items without a counterpart here: it may be nothing. */
export const understoodSettings = ruleSettings.extend({ events, actions });

/** A rule as Ontraport's API has it: items `code(p1,p2)`, joined by `;` or `|`. */
export interface RuleStrings {
  events: string;
  conditions: string;
  actions: string;
}

/** An item of Ontraport's strings that has no counterpart here. */
export const unknownItem = z.object({
  path: z.string().meta({ description: 'Where it stands: "actions.0"' }),
  item: z.string().meta({ description: 'As it came: "Send_contact_a_postcard(5)"' }),
  reason: z.string(),
});
export type UnknownItem = z.output<typeof unknownItem>;

/** A stored rule; with a form it is one of the form's "Always-on rules". A deleted one stays until every pump knows. */
export interface StoredRule {
  _id: RuleId;
  accountId: AccountId;
  /** Its decimal id in the API under /1 */
  number: number;
  settings: RuleSettings;
  formId: FormId | null;
  isPaused: boolean;
  /** Kept of a rule that came by strings which are not all understood; it stays paused as long as it has them */
  unknown?: { strings: RuleStrings; items: UnknownItem[] } | null;
  listenersRevision: number;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}

/** What a rule made of one event, kept for 30 days: so that it acts once, and can say why it did not. */
export interface StoredEvaluation {
  _id: EvaluationId;
  accountId: AccountId;
  ruleId: RuleId;
  eventId: EventId;
  recordId: RecordId;
  didFire: boolean;
  /** "condition 2 was false: State is NV"; of a rule that fired, what it did */
  because: string;
  at: Date;
}

export const ruleSchema = z
  .object({
    id: idSchema('rule'),
    number: numberSchema,
    settings: understoodSettings,
    formId: idSchema('form').nullable(),
    isPaused: z.boolean(),
    unknownItems: z.array(unknownItem).meta({
      description:
        'Items of Ontraport\'s strings that have no counterpart here; "settings" has the rest. Such a rule stays paused until its settings are replaced.',
    }),
    lastFiredAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Rule' });

export const newRule = z.object({
  settings: ruleSettings.strict(),
  formId: idSchema('form').optional().meta({ description: 'Makes it one of the "Always-on rules" of this form' }),
});
export const changedRule = z.object({ settings: ruleSettings.strict() });
export const ruleListQuery = pageQuery.extend({
  objectTypeId: objectTypeId.optional(),
  formId: idSchema('form').optional().meta({ description: 'Only rules of this form' }),
});

export const evaluationSchema = z
  .object({
    id: idSchema('evaluation'),
    ruleId: idSchema('rule'),
    eventId: idSchema('event'),
    recordId: idSchema('record'),
    didFire: z.boolean(),
    because: z.string().meta({ description: 'What it did; or why not: "condition 2 was false: State is NV"' }),
    at: z.iso.datetime(),
  })
  .meta({ id: 'Evaluation' });

export const evaluationListQuery = pageQuery.extend({
  recordId: idSchema('record').optional().meta({ description: 'Only what it made of events of this record' }),
});
