import type { ElementOf } from '../../schemas/element';
import type { RecordFacts } from '../../schemas/record';
import { changeTags } from '../derive-facts';
import type { Arrival } from './arrival';

/** Adds and removes tags and goes on. @throws never */
export const arriveAtChangeTags = (element: ElementOf<'change-tags'>, record: RecordFacts): Arrival => ({
  port: 'next',
  detail: '',
  record: changeTags(record, element.settings),
});
