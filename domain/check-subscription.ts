import type { Problem } from '../schemas/problem';
import type { SubscriptionSettings } from '../schemas/subscription';
import { checkCondition } from './check-condition';
import { checkEvents } from './check-events';
import { checkReference, type Known } from './check-reference';
import { type Reference, referencesInCondition, referencesInEvents } from './references';

type Listening = Pick<SubscriptionSettings, 'event' | 'condition' | 'objectTypeId'>;

/** Everything that a subscription names, with paths inside its settings. @throws never */
export const referencesOfSubscription = ({ event, condition }: Listening): Reference[] => [
  ...referencesInEvents([event], 'event').map((found) => ({ ...found, path: withoutIndex(found.path) })),
  ...referencesInCondition(condition, 'condition'),
];

/**
 * What keeps a subscription from being saved, all of it at once; its URL is checked as that of a webhook.
 *
 * @param known its `objectType` counts only when the subscription is for one type; for any, fields are taken as named
 * @returns problems with paths inside the settings: `event.tagId`
 * @throws never
 * @source docs/subscriptions.md
 */
export function checkSubscription(settings: Listening, known: Known): Problem[] {
  const { event, condition, objectTypeId } = settings;
  const isForOne = objectTypeId !== null;
  const problems = referencesOfSubscription(settings).flatMap((reference): Problem[] => {
    const message = isForOne ? checkReference(reference, known) : checkExistence(reference, known);
    return message ? [{ path: reference.path, message }] : [];
  });
  if (event.type === 'manual')
    problems.push({
      path: 'event.type',
      message: 'Subscriptions have no "manual" event; "map.added" tells of entries.',
    });
  if (event.type === 'record.deleted' && condition)
    problems.push({ path: 'condition', message: 'A deleted record has nothing left to ask; leave the condition out.' });
  const misfits = [
    ...(isForOne ? checkEvents([event], 'event', known) : []),
    ...checkCondition(condition, 'condition', isForOne ? known : { objectType: null }),
  ];
  return [...problems, ...misfits.map((problem) => ({ ...problem, path: withoutIndex(problem.path) }))];
}

/** For records of any type fields are not known, and a map, form or source of any type fits. */
function checkExistence(reference: Reference, known: Known): string | null {
  if (reference.kind === 'field') return null;
  if (reference.kind === 'map' && known.maps.has(reference.mapId)) return null;
  if (reference.kind === 'form' && known.forms.has(reference.formId)) return null;
  if (reference.kind === 'inbound' && known.inbounds.has(reference.inboundId)) return null;
  return checkReference(reference, known);
}

/** References count events in a list; a subscription has one. */
const withoutIndex = (path: string): string => path.replace(/^event\.0/, 'event');
