import type { ElementOf } from '../../schemas/element';
import type { RecordFacts } from '../../schemas/record';
import type { Arrival } from './arrival';

/** Lets a record that comes on foot pass, or stops it until the goal is met, as set. @throws never */
export const arriveAtGoal = ({ settings }: ElementOf<'goal'>, record: RecordFacts): Arrival =>
  settings.onFoot === 'pass' ? { port: 'next', detail: 'passed', record } : { stop: { kind: 'goal' } };
