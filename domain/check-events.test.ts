import { expect, test } from '@jest/globals';
import { mapDrawing } from '../schemas/automation-map';
import { EVENT_ROWS } from '../schemas/event-catalogue';
import { type ListenedEvent, listenedEvent } from '../schemas/listened-event';
import type { ObjectType } from '../schemas/object-type';
import { KNOWN_NOTHING } from '../tests/rendering/known-nothing';
import { checkEvents, checkEventsToActOn } from './check-events';
import { checkMap } from './check-map';
import type { Known } from './check-reference';

const knownOf = (objectTypeId: number, plural: string): Known => {
  const fields: ObjectType['fields'] = [
    { id: 'spent', label: 'Spent', type: 'price' },
    { id: 'since', label: 'Since', type: 'fulldate' },
    { id: 'stage', label: 'Stage', type: 'text' },
  ];
  return { ...KNOWN_NOTHING, objectType: { objectTypeId, name: '', plural, isBuiltIn: true, fields } };
};
const [contacts, deals] = [knownOf(0, 'Contacts'), knownOf(149, 'Deals')];
const shown = (problems: { path: string; message: string }[]) =>
  problems.map(({ path, message }) => `${path}: ${message}`);

const bought = { kind: 'purchases', measure: 'count', op: 'at-least', value: 1 };
/** trigger → goal → condition → end: whoever enters or meets the goal, and what is asked, is given */
const problemsOf = (met: object, condition: object, known: Known) => {
  const elements = [
    { id: 'start', kind: 'trigger', settings: met },
    { id: 'met', kind: 'goal', settings: met },
    { id: 'decide', kind: 'condition', settings: { condition } },
    { id: 'yes', kind: 'end' },
    { id: 'no', kind: 'end' },
  ];
  const edges = ['start.next>met', 'met.next>decide', 'decide.yes>yes', 'decide.no>no'].map((edge) => {
    const [from, port, to] = edge.split(/[.>]/);
    return { from, port, to };
  });
  return shown(checkMap(mapDrawing.parse({ elements, edges }), known));
};
const isOpen = { kind: 'field', fieldId: 'stage', op: 'filled' };

test('no trigger and no goal waits for a record to be deleted, since nothing is left to act on', () => {
  const events = [{ type: 'record.created' }, { type: 'record.deleted' }];
  const sentence =
    'A deleted record is gone before a rule or a map could act on it; subscribe to record.deleted instead.';
  expect(problemsOf({ events }, isOpen, contacts)).toEqual([
    `elements.0.settings.events.1: ${sentence}`,
    `elements.1.settings.events.1: ${sentence}`,
  ]);
  expect(checkEvents([{ type: 'record.deleted' }], 'events', contacts)).toEqual([]);
});

test('what only contacts have is refused on maps of other object types, in triggers, goals and conditions', () => {
  const met = { events: [{ type: 'product.purchased' }], condition: bought };
  expect(problemsOf(met, bought, contacts)).toEqual([]);
  const happens = '"Product is purchased" happens only to contacts, never to Deals.';
  const asked = '"purchases" is asked only of contacts, never of Deals; leave it out.';
  expect(problemsOf(met, bought, deals)).toEqual([
    `elements.0.settings.events.0: ${happens}`,
    `elements.0.settings.condition: ${asked}`,
    `elements.1.settings.events.0: ${happens}`,
    `elements.1.settings.condition: ${asked}`,
    `elements.2.settings.condition: ${asked}`,
  ]);
});

/** What is listened for of each kind; those that must name something name it. */
const listened = (type: string): ListenedEvent =>
  listenedEvent.parse({
    type,
    date: '2026-12-24',
    ...(type === 'date-field.reached' ? { fieldId: 'since' } : {}),
    name: 'a.b',
  });

test.each(EVENT_ROWS.map(({ type, fits }) => [type, fits] as const))(
  '%s is listened for by rules and maps of %s',
  (type, fits) => {
    const isRefused = (known: Known) => checkEventsToActOn([listened(type)], 'events', known).length > 0;
    expect([isRefused(contacts), isRefused(deals)]).toEqual([
      type === 'record.deleted',
      type === 'record.deleted' || fits === 'contacts',
    ]);
  },
);

const change = (given: object) =>
  shown(checkEvents([listenedEvent.parse({ type: 'field.updated', ...given })], 'events', contacts));

test('values that a field had and gets fit it, and are written as it keeps them', () => {
  expect(change({ fieldId: 'spent', from: null, to: 12.5 })).toEqual([]);
  expect(change({ fieldId: 'since', from: '2026-11-30T00:00:00.000Z' })).toEqual([]);
  expect(change({ from: 'whatever' })).toEqual([]);
  expect(change({ fieldId: 'spent', from: 'little', to: 'much' })).toEqual([
    'events.0.from: The value for Spent must be a number.',
    'events.0.to: The value for Spent must be a number.',
  ]);
  const otherwise = (path: string, label: string, kept: string) =>
    `events.0.${path}: ${label} keeps this value as ${kept}; write it so, else it is never met.`;
  expect(change({ fieldId: 'spent', from: '', to: '12.50' })).toEqual([
    otherwise('from', 'Spent', 'null'),
    otherwise('to', 'Spent', '12.5'),
  ]);
  expect(change({ fieldId: 'since', to: '2026-11-30' })).toEqual([
    otherwise('to', 'Since', '"2026-11-30T00:00:00.000Z"'),
  ]);
});

test('only fields that hold dates have a day that is reached', () => {
  const reached = (fieldId: string) =>
    shown(checkEvents([listenedEvent.parse({ type: 'date-field.reached', fieldId })], 'events', contacts));
  expect(reached('since')).toEqual([]);
  expect(reached('stage')).toEqual([
    'events.0.fieldId: Stage holds no dates, so no day of it is ever reached; choose a date field.',
  ]);
});

test('a field that is to go from a value to the same one is refused', () => {
  const sentence =
    'events.0.from: A field is never updated from a value to the same one; name another, or one of both.';
  expect(change({ fieldId: 'stage', from: 'New', to: 'New' })).toEqual([sentence]);
  expect(change({ from: null, to: null })).toEqual([sentence]);
});
