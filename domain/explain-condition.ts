import type { Condition, ConditionLeaf } from '../schemas/condition';
import type { FieldValue } from '../schemas/field';
import type { RecordFacts } from '../schemas/record';
import { valueIn } from './derive-facts';
import { matchLeaf } from './match-condition';
import { type Names, nameOf } from './names';
import { resolveDate } from './resolve-date';
import {
  countDeeds,
  daysJoined,
  entriesOn,
  NO_SURROUNDINGS,
  type Surroundings,
  sumBought,
  variableIn,
} from './surroundings';

/** Whether a condition holds, and the sentence that says by what: `condition 2 was false: State is NV`. */
export interface Explained {
  isMet: boolean;
  /** Empty only for a group without parts */
  because: string;
}

/** A part that decided. `number` counts the parts that are no group, from 1, in the order in which they are written. */
interface Decider {
  number: number;
  leaf: ConditionLeaf;
  isMet: boolean;
}
interface Judged {
  isMet: boolean;
  deciders: Decider[];
}

const SHOWN_MAX = 3;
const VALUE_CHARS_MAX = 60;

/**
 * Asks a condition as `matchCondition` does, and says which parts decided: of an AND group that is false the first false
 * part, of an OR group that is true the first true one, else all parts, of which three are told.
 *
 * @param names of what the condition names; an id without one is shown as it is
 * @throws never
 * @source docs/rules.md
 */
export function explainCondition(
  condition: Condition,
  record: RecordFacts,
  names: Names,
  around: Surroundings = NO_SURROUNDINGS,
): Explained {
  let count = 0;
  /** Every part is judged, so that numbers do not depend on the record. */
  const judge = (part: Condition): Judged => {
    switch (part.kind) {
      case 'all':
      case 'any': {
        const parts = part.of.map(judge);
        const isAny = part.kind === 'any';
        const decisive = parts.find(({ isMet }) => isMet === isAny);
        return decisive ?? { isMet: !isAny, deciders: parts.flatMap(({ deciders }) => deciders) };
      }
      case 'not': {
        const { isMet, deciders } = judge(part.of);
        return { isMet: !isMet, deciders };
      }
      default: {
        count++;
        const isMet = matchLeaf(part, record, around);
        return { isMet, deciders: [{ number: count, leaf: part, isMet }] };
      }
    }
  };
  const { isMet, deciders } = judge(condition);
  const sentences = deciders
    .slice(0, SHOWN_MAX)
    .map(({ number, leaf, isMet }) => `condition ${number} was ${isMet}: ${stateOf(leaf, record, names, around)}`);
  const more = deciders.length - sentences.length;
  return { isMet, because: [...sentences, ...(more > 0 ? [`and ${more} more`] : [])].join('; ') };
}

/** What was found in the place that a part asks about. */
function stateOf(leaf: ConditionLeaf, record: RecordFacts, names: Names, around: Surroundings): string {
  switch (leaf.kind) {
    case 'field':
      return `${nameOf(names, leaf.fieldId)} is ${show(valueIn(record, leaf.fieldId))}${
        typeof leaf.value === 'object' ? `, compared with ${resolveDate(leaf.value, around)}` : ''
      }`;
    case 'tag':
      return `the tag ${nameOf(names, leaf.tagId)} is ${record.tagIds.includes(leaf.tagId) ? 'there' : 'missing'}`;
    case 'map':
      return `the record is ${standingOf(leaf, around)}on the map ${nameOf(names, leaf.mapId)}`;
    case 'joined-map':
    case 'on-map-for': {
      const days = daysJoined(around, leaf.mapId).join(', ');
      const name = nameOf(names, leaf.mapId);
      return days ? `the record joined the map ${name} on ${days}` : `the record is not on the map ${name}`;
    }
    case 'purchases': {
      // Two decimals: binary numbers make 0.1 + 0.2 a little more than 0.3.
      const amount = Math.round(sumBought(around, leaf) * 100) / 100;
      const of = leaf.productId === undefined ? 'all products' : nameOf(names, leaf.productId);
      return leaf.measure === 'count' ? `${amount} bought of ${of}` : `${amount} spent on ${of}`;
    }
    case 'email': {
      const of = leaf.messageId === undefined ? 'all e-mails' : `the e-mail ${leaf.messageId}`;
      return `${leaf.did === 'opened' ? 'opens' : 'clicks'} of ${of}: ${countDeeds(around, leaf)}`;
    }
    case 'variable':
      return `the variable ${leaf.name} is ${show(variableIn(around, leaf.name))}`;
  }
}

function standingOf({ op, mapId }: Extract<ConditionLeaf, { kind: 'map' }>, around: Surroundings): string {
  const entries = entriesOn(around, mapId);
  if (entries.length === 0) return 'not ';
  if (op === 'on' || op === 'not-on') return '';
  return entries.every(({ isPaused }) => isPaused)
    ? 'paused '
    : entries.some(({ isPaused }) => isPaused)
      ? 'both active and paused '
      : 'active ';
}

function show(value: FieldValue): string {
  const text = Array.isArray(value) ? value.join(', ') : String(value ?? '').trim();
  if (text === '') return 'empty';
  return text.length > VALUE_CHARS_MAX ? `${text.slice(0, VALUE_CHARS_MAX)}...` : text;
}
