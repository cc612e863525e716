import type { Condition } from '../schemas/condition';
import type { ElementOf } from '../schemas/element';
import { checkCondition } from './check-condition';
import { checkEventsToActOn } from './check-events';
import type { Say } from './check-map';
import { checkReference, checkValue, type Known } from './check-reference';
import type { Placed } from './map-graph';
import { referencesOf } from './map-references';

/**
 * What is wrong inside one element: what it names must exist and fit, values must fit their fields.
 *
 * @param say is told each problem
 * @throws never
 */
export function checkElement(at: Placed, known: Known, say: Say): void {
  const { element } = at;
  for (const reference of referencesOf(element)) {
    const message = checkReference(reference, known);
    if (message) say(at, reference.path, message);
  }
  switch (element.kind) {
    case 'trigger':
      for (const { path, message } of checkEventsToActOn(element.settings.events, 'settings.events', known))
        say(at, path, message);
      sayOfCondition(at, element.settings.condition, known, say);
      return;
    case 'goal':
      checkGoal(at, element.settings, known, say);
      return;
    case 'change-field':
      for (const message of checkValue(element.settings, known)) say(at, 'settings.value', message);
      return;
    case 'change-tags':
      checkTagChange(at, element.settings, say);
      return;
    case 'wait':
      if (element.settings.seconds === 0)
        say(at, 'settings.seconds', 'The wait is 0 seconds long, so it does nothing.', true);
      return;
    case 'placeholder':
      say(
        at,
        '',
        `"${element.title || element.id}" was imported and is not understood (${element.settings.reason}); replace it.`,
      );
      return;
    case 'condition':
      sayOfCondition(at, element.settings.condition, { ...known, isOfEntry: true }, say);
      return;
    case 'webhook':
    case 'end':
  }
}

function sayOfCondition(
  at: Placed,
  condition: Condition | undefined,
  known: Known & { isOfEntry?: true },
  say: Say,
): void {
  for (const { path, message } of checkCondition(condition, 'settings.condition', known)) say(at, path, message);
}

/** By hand or by API a record is added to a map, but meets no goal. */
function checkGoal(at: Placed, { events, condition }: ElementOf<'goal'>['settings'], known: Known, say: Say): void {
  for (const [index, { type }] of events.entries())
    if (type === 'manual')
      say(at, `settings.events.${index}`, 'Nobody meets a goal by being added to the map; name another event.');
  for (const { path, message } of checkEventsToActOn(events, 'settings.events', known)) say(at, path, message);
  sayOfCondition(at, condition, known, say);
}

function checkTagChange(at: Placed, { add, remove }: { add: string[]; remove: string[] }, say: Say): void {
  if (add.length + remove.length === 0) say(at, 'settings', 'No tag is named, so the element does nothing.', true);
  if (add.some((tagId) => remove.includes(tagId)))
    say(at, 'settings', 'A tag is both added and removed; it will be removed.', true);
}
