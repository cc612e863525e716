import type { Element } from '../../schemas/element';
import type { RecordFacts } from '../../schemas/record';
import type { Arrival } from './arrival';
import { arriveAtChangeField } from './change-field';
import { arriveAtChangeTags } from './change-tags';
import { arriveAtCondition } from './condition';
import { arriveAtWait } from './wait';
import { arriveAtWebhook } from './webhook';

/** What any element does with a record that comes to it. @param nowMs the workflow's clock, Unix milliseconds @throws never */
export function arriveAt(element: Element, record: RecordFacts, nowMs: number): Arrival {
  switch (element.kind) {
    case 'trigger':
    // A map with a placeholder cannot be published.
    case 'placeholder':
      return { port: 'next', detail: '', record };
    case 'condition':
      return arriveAtCondition(element, record);
    case 'wait':
      return arriveAtWait(element, nowMs);
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
