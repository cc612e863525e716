import type { Condition } from '../schemas/condition';
import type { MapId, RecordId } from '../schemas/ids';

/** What was bought of one product, all purchases together. */
export interface Bought {
  productId: RecordId;
  /** Pieces */
  count: number;
  /** What they cost, in the account's money */
  spent: number;
}

/** What conditions may ask of a record beyond its own fields and tags. */
export interface Surroundings {
  /** Maps on which it has an active entry */
  mapIds: ReadonlySet<MapId>;
  bought: readonly Bought[];
}

/** For conditions that ask for nothing beyond the record. */
export const NO_SURROUNDINGS: Surroundings = { mapIds: new Set(), bought: [] };

/** What must be read before a condition can be asked. */
export interface Needs {
  maps: boolean;
  purchases: boolean;
}

/** What these conditions ask for, all of them together; undefined ones ask for nothing. @throws never */
export function needsOf(conditions: readonly (Condition | undefined)[]): Needs {
  const needs: Needs = { maps: false, purchases: false };
  const look = (condition: Condition): void => {
    switch (condition.kind) {
      case 'all':
      case 'any':
        for (const part of condition.of) look(part);
        return;
      case 'not':
        look(condition.of);
        return;
      case 'map':
        needs.maps = true;
        return;
      case 'purchases':
        needs.purchases = true;
        return;
      case 'field':
      case 'tag':
    }
  };
  for (const condition of conditions) if (condition) look(condition);
  return needs;
}

/** Pieces bought and money spent; of one product, or of all. @throws never */
export const sumBought = (
  { bought }: Surroundings,
  of: { measure: 'count' | 'spent'; productId?: RecordId | undefined },
): number =>
  bought
    .filter(({ productId }) => of.productId === undefined || productId === of.productId)
    .reduce((sum, item) => sum + item[of.measure], 0);
