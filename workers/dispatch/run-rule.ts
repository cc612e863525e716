import { evaluateRule } from '../../activities/evaluate-rule';
import type { StoredEvent } from '../../schemas/event';
import type { RuleId } from '../../schemas/ids';
import { isDuplicate, transaction } from '../../store/database';
import { isEvaluated } from '../../store/evaluations';
import type { Dispatch } from './carry-out';

/**
 * Runs a rule for an event, once: the pump's door to rules. Of two processes at once one runs it.
 *
 * @throws MongoDB's errors; the event is then tried again
 */
export async function runRule({ db }: Pick<Dispatch, 'db'>, event: StoredEvent, ruleId: RuleId): Promise<void> {
  try {
    await transaction(db, (session) => evaluateRule(db, session, { event, ruleId }));
  } catch (error) {
    if (!isDuplicate(error) || !(await isEvaluated(db, { ruleId, eventId: event._id }))) throw error;
  }
}
