import type { ElementOf } from '../../schemas/element';
import type { RecordFacts } from '../../schemas/record';
import { changeFields } from '../derive-facts';
import type { Arrival } from './arrival';

/** Sets a field and goes on. @throws never */
export const arriveAtChangeField = (element: ElementOf<'change-field'>, record: RecordFacts): Arrival => ({
  port: 'next',
  detail: '',
  record: changeFields(record, { [element.settings.fieldId]: element.settings.value }),
});
