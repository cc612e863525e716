import type { Element, ElementOf } from '../schemas/element';

/**
 * Where a record enters that is added by hand or by API: the trigger for those, else the first one.
 *
 * @returns undefined for a map without triggers
 * @throws never
 * @source docs/maps.md
 */
export function chooseTrigger(elements: readonly Element[]): ElementOf<'trigger'> | undefined {
  const triggers = elements.filter((element) => element.kind === 'trigger');
  return triggers.find(({ settings }) => settings.events.some(({ type }) => type === 'manual')) ?? triggers[0];
}
