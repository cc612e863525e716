import type { Condition, EmailDeed } from '../schemas/condition';
import type { FieldValue, FieldValues } from '../schemas/field';
import type { MapId, RecordId } from '../schemas/ids';
import { localDayOf } from './local-day';
import type { Clock } from './resolve-date';

/** What was bought of one product, all purchases together. */
export interface Bought {
  productId: RecordId;
  /** Pieces */
  count: number;
  /** What they cost, in the account's money */
  spent: number;
}

/** An active entry of the record. */
export interface OnMap {
  mapId: MapId;
  startedAt: Date;
  isPaused: boolean;
}

/** How often an e-mail was opened, or links in it clicked. */
export interface Deeds {
  did: EmailDeed;
  messageId: string;
  count: number;
}

/** What conditions may ask of a record beyond its own fields and tags: also what time it is. */
export interface Surroundings extends Clock {
  entries: readonly OnMap[];
  bought: readonly Bought[];
  deeds: readonly Deeds[];
  /** Of the entry whose step this is, by name; nobody else has any */
  variables: FieldValues;
}

/** For conditions that ask for nothing beyond the record. */
export const NO_SURROUNDINGS: Surroundings = {
  entries: [],
  bought: [],
  deeds: [],
  variables: {},
  nowMs: 0,
  timezone: 'UTC',
};

/** What must be read before a condition can be asked. */
export interface Needs {
  maps: boolean;
  purchases: boolean;
  emails: boolean;
  /** The zone in which days are counted */
  zone: boolean;
}

/** What these conditions ask for, all of them together; undefined ones ask for nothing. @throws never */
export function needsOf(conditions: readonly (Condition | undefined)[]): Needs {
  const needs: Needs = { maps: false, purchases: false, emails: false, zone: false };
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
      case 'joined-map':
      case 'on-map-for':
        needs.maps = true;
        needs.zone = true;
        return;
      case 'purchases':
        needs.purchases = true;
        return;
      case 'email':
        needs.emails = true;
        return;
      case 'field':
        if (typeof condition.value === 'object') needs.zone = true;
        return;
      case 'tag':
      case 'variable':
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

/** How often e-mails were opened, or links in them clicked; one e-mail, or all. @throws never */
export const countDeeds = ({ deeds }: Surroundings, of: { did: EmailDeed; messageId?: string | undefined }): number =>
  deeds
    .filter(({ did, messageId }) => did === of.did && (of.messageId === undefined || messageId === of.messageId))
    .reduce((sum, { count }) => sum + count, 0);

/** What the entry carries under a name, or null. @throws never */
export const variableIn = ({ variables }: Surroundings, name: string): FieldValue =>
  Object.hasOwn(variables, name) ? (variables[name] ?? null) : null;

/** The record's active entries on a map. @throws never */
export const entriesOn = ({ entries }: Surroundings, mapId: MapId): OnMap[] =>
  entries.filter((entry) => entry.mapId === mapId);

/** The days, YYYY-MM-DD in the zone, on which these began. @throws RangeError for a bad zone */
export const daysJoined = (around: Surroundings, mapId: MapId): string[] =>
  entriesOn(around, mapId).map(({ startedAt }) => localDayOf(startedAt.toISOString(), around.timezone));
