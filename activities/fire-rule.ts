import { changeFields, changeTags, deriveFacts } from '../domain/derive-facts';
import { type Names, nameOf } from '../domain/names';
import type { Action } from '../schemas/action';
import type { EventCause, Fact, StoredEvent } from '../schemas/event';
import type { RecordFacts, StoredRecord } from '../schemas/record';
import type { StoredEvaluation, StoredRule } from '../schemas/rule';
import type { Database, Session } from '../store/database';
import type { FoundReferred } from '../store/find-referred';
import { replaceRecordFacts } from '../store/records';
import { createRecord, type PreparedRecord, prepareRecords } from './create-record';
import { orderMessage } from './order-message';
import { orderRuleDelivery, pauseOnMap, requestRuleEntry, saveTask } from './rule-effects';

/** A rule that is about to act: what set it off, for which record, and what its settings name. */
export interface Firing {
  event: StoredEvent;
  rule: StoredRule;
  record: StoredRecord;
  found: FoundReferred;
  names: Names;
}

/** Who made what a firing writes: for events and their hops. */
export interface By {
  hops: number;
  cause: EventCause;
}

type Outcome = Pick<StoredEvaluation, 'didFire' | 'because'>;

/**
 * Carries out all actions of a rule in their order, or none when one is impossible: what they change, and the facts by
 * which the pump does what leaves MongoDB.
 *
 * @returns what it did, or why not, as a sentence
 * @throws MongoDB's errors
 * @source docs/rules.md
 */
export async function fireRule(db: Database, session: Session, firing: Firing): Promise<Outcome> {
  const { event, rule, record } = firing;
  const { actions } = rule.settings;
  const states = statesOf(record, actions);
  const impossible = findImpossible(firing);
  if (impossible) return { didFire: false, because: impossible };
  const records = await prepareRecords(db, session, { ...firing, states });
  if ('problem' in records) return { didFire: false, because: records.problem };

  const by: By = { hops: event.hops + 1, cause: { kind: 'rule', id: rule._id, name: rule.settings.name } };
  const did: string[] = [];
  const facts: Fact[] = [];
  for (const [place, action] of actions.entries()) {
    const made = await carryOutAction(db, session, { ...firing, by, place, action, made: records.get(place) });
    const [before, after] = states.slice(place) as [RecordFacts, RecordFacts];
    facts.push(...deriveFacts(before, after), ...made.facts);
    did.push(made.did);
  }
  const after = states.at(-1) as RecordFacts;
  await replaceRecordFacts(db, session, { record, after, facts, ...by });
  return { didFire: true, because: did.join('; ') };
}

function findImpossible({ rule, found, names }: Firing): string | undefined {
  const published = new Set(found.maps.filter((map) => map.publishedNumber !== null).map(({ _id }) => _id));
  return rule.settings.actions
    .map((action, place) =>
      action.kind === 'add-to-map' && !published.has(action.mapId)
        ? `action ${place + 1} could not be done: the map ${nameOf(names, action.mapId)} is not there or not published`
        : undefined,
    )
    .find((sentence) => sentence !== undefined);
}

/** The record before each action, and behind the last. */
function statesOf({ fields, tagIds }: RecordFacts, actions: readonly Action[]): RecordFacts[] {
  const states: RecordFacts[] = [{ fields, tagIds }];
  for (const [place, action] of actions.entries()) states.push(changeBy(action, states[place] as RecordFacts));
  return states;
}

/** The record as an action leaves it. */
function changeBy(action: Action, before: RecordFacts): RecordFacts {
  if (action.kind === 'change-tags') return changeTags(before, action);
  if (action.kind === 'change-field') return changeFields(before, { [action.fieldId]: action.value });
  return before;
}

/** Writes what an action makes beside the record's change. */
async function carryOutAction(
  db: Database,
  session: Session,
  at: Firing & { by: By; place: number; action: Action; made: PreparedRecord | undefined },
): Promise<{ did: string; facts: Fact[] }> {
  const { action, names } = at;
  const name = (id: string): string => nameOf(names, id);
  switch (action.kind) {
    case 'change-tags': {
      const tell = (verb: string, ids: string[]) => (ids.length > 0 ? [`${verb} ${ids.map(name).join(', ')}`] : []);
      return { did: [...tell('added', action.add), ...tell('removed', action.remove)].join('; '), facts: [] };
    }
    case 'change-field':
      return { did: `set ${name(action.fieldId)}`, facts: [] };
    case 'send-webhook': {
      const deliveryId = await orderRuleDelivery(db, session, { ...at, webhookId: action.webhookId });
      return { did: `sent to ${name(action.webhookId)}`, facts: [{ type: 'delivery.requested', deliveryId }] };
    }
    case 'add-to-map': {
      const entryId = await requestRuleEntry(db, session, { ...at, mapId: action.mapId });
      return entryId
        ? { did: `added to the map ${name(action.mapId)}`, facts: [{ type: 'entry.requested', entryId }] }
        : { did: `the map ${name(action.mapId)} did not let it enter again now`, facts: [] };
    }
    case 'remove-from-map':
      return {
        did: `removed from the map ${name(action.mapId)}`,
        facts: [{ type: 'exit.requested', mapId: action.mapId }],
      };
    case 'pause-on-map':
    case 'resume-on-map': {
      const isPaused = action.kind === 'pause-on-map';
      const facts = await pauseOnMap(db, session, { ...at, mapId: action.mapId, isPaused });
      const did = isPaused ? ['paused', 'nothing to pause'] : ['resumed', 'nothing to resume'];
      return { did: `${did[facts.length > 0 ? 0 : 1]} on the map ${name(action.mapId)}`, facts };
    }
    case 'assign-task':
      await saveTask(db, session, { ...at, task: action });
      return { did: `assigned the task ${action.subject}`, facts: [] };
    case 'create-record':
    case 'add-note':
      if (at.made) await createRecord(db, session, { ...at, made: at.made });
      return { did: at.made?.did ?? '', facts: [] };
    case 'send-email':
    case 'send-sms':
    case 'notify': {
      const { messageId } = action;
      const kind = action.kind === 'send-sms' ? ('sms' as const) : ('email' as const);
      const recipient = action.kind === 'send-sms' ? null : (action.to ?? null);
      const outgoingId = await orderMessage(db, session, { ...at, messageId, kind, recipient });
      return { did: `sent the message ${name(messageId)}`, facts: [{ type: 'message.requested', outgoingId }] };
    }
  }
}
