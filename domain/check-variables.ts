import type { Condition } from '../schemas/condition';
import type { StoredWebhook } from '../schemas/webhook';
import type { Say } from './check-map';
import type { Known } from './check-reference';
import type { Placed } from './map-graph';

/**
 * Warns of condition elements that ask for a variable which no answer on the map gives: it would always be empty.
 *
 * @param all elements of the map
 * @param say is told each warning
 * @throws never
 * @source docs/response-mapping.md
 */
export function warnOfVariables(all: readonly Placed[], { webhooks }: Pick<Known, 'webhooks'>, say: Say): void {
  const given = new Set(
    all.flatMap(({ element }) =>
      element.kind === 'webhook' ? variablesGiven(webhooks.get(element.settings.webhookId)?.settings) : [],
    ),
  );
  for (const at of all) {
    if (at.element.kind !== 'condition') continue;
    for (const name of new Set(variablesAsked(at.element.settings.condition)))
      if (!given.has(name))
        say(
          at,
          'settings.condition',
          `No webhook of this map gives a variable "${name}", so it is always empty; take it from an answer by a response mapping.`,
          true,
        );
  }
}

const variablesGiven = (settings: StoredWebhook['settings'] | undefined): string[] =>
  (settings?.responseMapping ?? []).flatMap(({ target }) => (target.kind === 'variable' ? [target.name] : []));

function variablesAsked(condition: Condition): string[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(variablesAsked);
    case 'not':
      return variablesAsked(condition.of);
    case 'variable':
      return [condition.name];
    default:
      return [];
  }
}
