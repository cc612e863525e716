import type { Fact } from '../schemas/event';
import type { FieldValues } from '../schemas/field';
import type { DateListened, DateTarget, ValueBounds } from '../schemas/job';
import { addDays, dayOfValue, instantsOf, isAnniversary } from './local-day';

/** Which day is swept: it decides what the values of fields must be. */
export interface SweptDay {
  /** YYYY-MM-DD, in the zone */
  day: string;
  timezone: string;
}

/**
 * Bounds for the values of the field that fire on a day: wide enough for all that do, so that the database can leave out
 * nearly all that don't; `factsOn` decides.
 *
 * @returns null when no field is asked, as for a set date
 * @throws RangeError for a bad day or zone
 */
export function boundsOf(listened: DateListened, { day, timezone }: SweptDay): ValueBounds | null {
  if (listened.type === 'date.reached') return null;
  const wanted = addDays(day, -listened.offsetDays);
  if (!listened.isYearly) {
    const { from, to } = instantsOf(wanted, timezone);
    const midnight = `${wanted}T00:00:00.000Z`;
    return { from: from < midnight ? from : midnight, below: to > midnight ? to : `${wanted}T00:00:00.001Z` };
  }
  const around = [-1, 0, 1].map((days) => addDays(wanted, days).slice(5));
  return { monthDays: [...new Set([...around, ...(around.includes('02-28') ? ['02-29'] : [])])] };
}

/**
 * The facts that a day brings about for a record.
 *
 * @param targets what is listened for; those for other object types are passed over
 * @throws RangeError for a bad day or zone
 * @source docs/events.md
 */
export function factsOn(
  swept: SweptDay,
  record: { objectTypeId: number; fields: FieldValues },
  targets: readonly DateTarget[],
): Fact[] {
  const { day, timezone } = swept;
  const facts = targets.flatMap(({ objectTypeId, listened }): Fact[] => {
    if (objectTypeId !== null && objectTypeId !== record.objectTypeId) return [];
    if (listened.type === 'date.reached') return listened.date === day ? [listened] : [];
    const wanted = addDays(day, -listened.offsetDays);
    const of = dayOfValue(record.fields[listened.fieldId], timezone);
    if (of === null || !(listened.isYearly ? isAnniversary(wanted, of) : wanted === of)) return [];
    return [{ ...listened, date: day }];
  });
  const seen = new Set<string>();
  return facts.filter((fact) => {
    const key = JSON.stringify(fact);
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

/** What of these can happen on a day at all: everything but the set dates that are others. @throws never */
export const targetsOn = (day: string, targets: readonly DateTarget[]): DateTarget[] =>
  targets.filter(({ listened }) => listened.type !== 'date.reached' || listened.date === day);
