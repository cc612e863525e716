import type { z } from 'zod';
import type { evaluationSchema, ruleSchema, StoredEvaluation, StoredRule } from '../../schemas/rule';
import type { Database } from '../../store/database';
import { findLastFiredAt } from '../../store/evaluations';

/** A rule as it is shown. */
export async function showRule(db: Database, stored: StoredRule): Promise<z.input<typeof ruleSchema>> {
  const lastFiredAt = await findLastFiredAt(db, { accountId: stored.accountId, ruleId: stored._id });
  return {
    id: stored._id,
    number: stored.number,
    settings: stored.settings,
    formId: stored.formId,
    isPaused: stored.isPaused,
    unknownItems: stored.unknown?.items ?? [],
    lastFiredAt: lastFiredAt?.toISOString() ?? null,
    createdAt: stored.createdAt.toISOString(),
    updatedAt: stored.updatedAt.toISOString(),
  };
}

/** What a rule made of an event, as it is shown. */
export const showEvaluation = (stored: StoredEvaluation): z.input<typeof evaluationSchema> => ({
  id: stored._id,
  ruleId: stored.ruleId,
  eventId: stored.eventId,
  recordId: stored.recordId,
  didFire: stored.didFire,
  because: stored.because,
  at: stored.at.toISOString(),
});
