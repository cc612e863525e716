import { eventRowOf } from '../schemas/event-catalogue';
import { isFitting } from '../schemas/fits';
import type { ListenedEvent } from '../schemas/listened-event';
import type { Problem } from '../schemas/problem';
import { checkValue, type Known } from './check-reference';
import { parseFieldValues } from './parse-field-values';

/**
 * What is wrong with events that are listened for, beside what they name: they must fit the object type, and values their
 * fields.
 *
 * @param path of the list
 * @returns problems with paths inside what holds the list: `events.0.to`
 * @throws never
 * @source docs/events.md
 */
export const checkEvents = (events: readonly ListenedEvent[], path: string, known: Known): Problem[] =>
  events.flatMap((event, index) => at(`${path}.${index}`, checkEvent(event, known)));

/**
 * The same for who acts on the record, as rules, triggers and goals do: nothing is left of a record that is deleted.
 *
 * @throws never
 */
export const checkEventsToActOn = (events: readonly ListenedEvent[], path: string, known: Known): Problem[] => [
  ...events.flatMap(({ type }, index) =>
    type === 'record.deleted' ? [{ path: `${path}.${index}`, message: GONE }] : [],
  ),
  ...checkEvents(events, path, known),
];

const GONE = 'A deleted record is gone before a rule or a map could act on it; subscribe to record.deleted instead.';

function checkEvent(event: ListenedEvent, known: Known): Problem[] {
  const row = eventRowOf(event.type);
  if (row && !isFitting(row.fits, known.objectType))
    return [{ path: '', message: `"${row.title}" happens only to contacts, never to ${known.objectType.plural}.` }];
  if ('messageId' in event && event.messageId?.startsWith('mes_'))
    return [{ path: 'messageId', message: 'Messages are named by their number here, such as "5".' }];
  if (event.type === 'date-field.reached') return checkDateField(event.fieldId, known);
  return event.type === 'field.updated' ? checkChange(event, known) : [];
}

function checkDateField(fieldId: string, { objectType }: Known): Problem[] {
  const field = objectType.fields.find(({ id }) => id === fieldId);
  if (!field || field.type === 'fulldate') return [];
  return [
    {
      path: 'fieldId',
      message: `${field.label} holds no dates, so no day of it is ever reached; choose a date field.`,
    },
  ];
}

/** Values are compared as they are kept, so one written otherwise would never be met. */
function checkChange(event: Extract<ListenedEvent, { type: 'field.updated' }>, known: Known): Problem[] {
  const { fieldId, from, to } = event;
  const field = known.objectType.fields.find(({ id }) => id === fieldId);
  const problems = (['from', 'to'] as const).flatMap((path): Problem[] => {
    const value = event[path];
    if (!field || value === undefined) return [];
    const misfits = checkValue({ fieldId: field.id, value }, known);
    if (misfits.length > 0) return misfits.map((message) => ({ path, message }));
    const kept = JSON.stringify(parseFieldValues({ [field.id]: value }, [field]).values[field.id]);
    return kept === JSON.stringify(value)
      ? []
      : [{ path, message: `${field.label} keeps this value as ${kept}; write it so, else it is never met.` }];
  });
  return problems.length === 0 && from !== undefined && JSON.stringify(from) === JSON.stringify(to)
    ? [
        {
          path: 'from',
          message: 'A field is never updated from a value to the same one; name another, or one of both.',
        },
      ]
    : problems;
}

const at = (path: string, problems: Problem[]): Problem[] =>
  problems.map((problem) => ({ ...problem, path: problem.path === '' ? path : `${path}.${problem.path}` }));
