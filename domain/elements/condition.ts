import type { ElementOf } from '../../schemas/element';
import type { RecordFacts } from '../../schemas/record';
import { matchCondition } from '../match-condition';
import type { Surroundings } from '../surroundings';
import type { Arrival } from './arrival';

/** Leaves by `yes` or `no`. @throws never */
export function arriveAtCondition(element: ElementOf<'condition'>, record: RecordFacts, around: Surroundings): Arrival {
  const port = matchCondition(element.settings.condition, record, around) ? 'yes' : 'no';
  return { port, detail: port, record };
}
