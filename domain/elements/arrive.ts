import type { Element } from '../../schemas/element';
import type { RecordFacts } from '../../schemas/record';
import type { Surroundings } from '../surroundings';
import type { Arrival } from './arrival';
import { arriveAtChangeField } from './change-field';
import { arriveAtChangeTags } from './change-tags';
import { arriveAtCondition } from './condition';
import { arriveAtGoal } from './goal';
import { arriveAtWait } from './wait';
import { arriveAtWebhook } from './webhook';

/**
 * What any element does with a record that comes to it.
 *
 * @param at.nowMs  the workflow's clock, Unix milliseconds
 * @param at.around what conditions ask for beyond the record
 * @throws never
 */
export function arriveAt(element: Element, record: RecordFacts, at: { nowMs: number; around: Surroundings }): Arrival {
  switch (element.kind) {
    case 'trigger':
    // A map with a placeholder cannot be published.
    case 'placeholder':
      return { port: 'next', detail: '', record };
    case 'goal':
      return arriveAtGoal(element, record);
    case 'condition':
      return arriveAtCondition(element, record, at.around);
    case 'wait':
      return arriveAtWait(element, at.nowMs);
    case 'change-tags':
      return arriveAtChangeTags(element, record);
    case 'change-field':
      return arriveAtChangeField(element, record);
    case 'webhook':
      return arriveAtWebhook(element);
    case 'end':
      return { stop: { kind: 'end', reason: 'completed' } };
  }
}
