import type { StoredEvent } from '../../schemas/event';
import type { RuleId } from '../../schemas/ids';
import type { Dispatch } from './carry-out';

/** Runs a rule for an event, once. */
export async function runRule(_dispatch: Dispatch, _event: StoredEvent, _ruleId: RuleId): Promise<void> {
  throw new Error('rules do not act yet');
}
