import { deriveFacts } from '../domain/derive-facts';
import { needsOf } from '../domain/surroundings';
import { type Walked, walk } from '../domain/walk';
import type { StoredVersion } from '../schemas/automation-map';
import type { Cause } from '../schemas/cause';
import type { Passage, Paused, Stop, StoredPosition } from '../schemas/entry';
import type { Fact } from '../schemas/event';
import type { FieldValues } from '../schemas/field';
import type { AccountId, EntryId, EventId, PositionId } from '../schemas/ids';
import { isDuplicate, type Session, transaction } from '../store/database';
import { findEntry } from '../store/entries';
import { isEntryPaused } from '../store/pause-entry';
import { findPosition } from '../store/positions';
import { findRecord, replaceRecordFacts } from '../store/records';
import { takeTurnFor } from '../store/turns';
import { applyAnswer, keepAnswer } from './apply-answer';
import type { Dependencies } from './dependencies';
import { pullTo } from './pull-to';
import { readSurroundings } from './read-surroundings';
import { saveStep } from './save-step';

export interface AdvanceInput {
  accountId: AccountId;
  entryId: EntryId;
  positionId: PositionId;
  /** Number of the step asked for, from 0; a step taken already answers with its stored stop */
  step: number;
  cause: Cause;
  /** The workflow's clock, Unix milliseconds, so that skipped time is skipped here too */
  nowMs: number;
}

export interface Advanced {
  stop: Stop | Paused;
  /** Step that the stop belongs to; when paused the last one taken, -1 before the first */
  step: number;
  /** Titles passed in this step, for people who look at the workflow */
  path: string[];
  /** For a send: milliseconds that it sleeps for its turn, unless it is told before */
  turnWaitMs: number;
  /** Of a goal that was met while a delivery is under way: it pulls the record once that is over, or a pause holds it */
  goal?: 'pulls' | 'held';
}

/**
 * Walks one position through every immediate element to its next stop, in one transaction with the timeline, the
 * record's changes and the facts they cause. Idempotent by `step`.
 *
 * @throws AppError `version.not-found`, or MongoDB's errors, which are worth repeating
 * @source docs/maps.md
 */
export async function advance(deps: Dependencies, input: AdvanceInput): Promise<Advanced> {
  const taken = await takeStepOnce(deps, input);
  if (taken.facts > 0) deps.onEvents();
  const { facts, ...advanced } = taken;
  const { stop, step } = advanced;
  // A goal that pulls nobody leaves what is under way alone, with the turn that it has.
  const isBegun = input.cause.kind !== 'goal' || step >= input.step;
  const turnWaitMs = stop.kind === 'send' && isBegun ? await takeTurnFor(deps.db, stop.delivery) : 0;
  return { ...advanced, turnWaitMs };
}

/** A step that was taken, or was found taken. */
export type Taken = Omit<Advanced, 'turnWaitMs'> & { facts: number };

/** What a step starts from: whose passage it is, where it stands, and by which version. */
export interface Standpoint {
  passage: Passage;
  elementId: string;
  visits: Record<string, number>;
  /** Of the entry, by name */
  variables: FieldValues;
  version: StoredVersion;
  isFirst: boolean;
  /** Of the entry: then only its end is a step */
  isPaused: boolean;
  goalEventIds?: EventId[];
}

/** The first step inserts the position, without looking whether it is there: a repeat is found by its refusal. */
async function takeStepOnce(deps: Dependencies, input: AdvanceInput): Promise<Taken> {
  try {
    return await transaction(deps.db, (session) => takeStep(deps, session, input));
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const position = await findPosition(deps.db, input.positionId);
    if (!position) throw error;
    return foundTaken(position.step, position.stop);
  }
}

const foundTaken = (step: number, stop: Stop): Taken => ({ stop, step, path: [], facts: 0 });

async function takeStep(deps: Dependencies, session: Session, input: AdvanceInput): Promise<Taken> {
  const { db } = deps;
  const position = input.step === 0 ? null : await findPosition(db, input.positionId, session);
  if (position && position.step >= input.step) return foundTaken(position.step, position.stop);
  const rested = position ? await standOn(deps, session, position) : await enter(deps, session, input);
  if (!rested) return foundTaken(input.step, { kind: 'end', reason: 'completed' });

  const record = await findRecord(db, rested.passage, session);
  const { cause } = input;
  const standing =
    position && record && cause.kind === 'goal' ? await pullTo(deps, { position, rested, cause }) : rested;
  if ('facts' in standing) return standing;
  const { passage, version } = standing;
  if (standing.isPaused && cause.kind !== 'exit' && record) {
    await keepAnswer(deps, session, { position, cause });
    return { stop: { kind: 'paused' }, step: input.step - 1, path: [], facts: 0 };
  }
  if (position && cause.kind === 'woken' && record) return foundTaken(position.step, position.stop);

  const answered = record && (await applyAnswer(deps, session, { position, cause: input.cause, record }));
  const from = { ...standing, variables: answered?.variables ?? standing.variables };
  const around = await readSurroundings(
    db,
    { ...passage, nowMs: input.nowMs },
    needsOf(conditionsOn(version)),
    session,
  );
  const walked: Walked = answered
    ? walk(version, from, answered.record, { ...input, around: { ...around, variables: from.variables } })
    : {
        standing: from,
        stop: { kind: 'end', reason: 'record-deleted' },
        visits: [],
        reached: null,
        record: { fields: {}, tagIds: [] },
      };
  const facts = record
    ? [
        ...factsOfGoal(passage, { walked, input }),
        ...deriveFacts(record, walked.record),
        ...(await factsOfEnd(deps, passage, { walked, input })),
      ]
    : [];
  const by = { hops: passage.hops + 1, cause: { kind: 'map' as const, id: passage.mapId, name: passage.mapName } };
  if (record) await replaceRecordFacts(db, session, { record, after: walked.record, facts, ...by });
  const stop = await saveStep(deps, session, { from, walked, input });
  const path = walked.visits.map(
    ({ element, port, detail }) =>
      `${element.title || element.kind}${detail ? ` (${detail})` : ''}${port ? '' : ' (end)'}`,
  );
  return { stop, step: input.step, path, facts: facts.length };
}

const conditionsOn = ({ elements }: StoredVersion) =>
  elements.map((element) => (element.kind === 'condition' ? element.settings.condition : undefined));

const factsOfGoal = ({ mapId }: Passage, { walked, input }: { walked: Walked; input: AdvanceInput }): Fact[] =>
  walked.reached === null ? [] : [{ type: 'goal.reached', mapId, elementId: walked.reached, entryId: input.entryId }];

/** That the record left the map, where anybody listens for it. */
async function factsOfEnd(
  deps: Dependencies,
  { accountId, mapId }: Passage,
  { walked, input }: { walked: Walked; input: AdvanceInput },
): Promise<Fact[]> {
  if (walked.stop.kind !== 'end') return [];
  const isHeard = await deps.recent.isHeard({ accountId, type: 'map.removed' });
  return isHeard ? [{ type: 'map.removed', mapId, entryId: input.entryId }] : [];
}

/** A position goes on with the current version as long as that has the element it rests on; else with the one it came by. */
async function standOn(deps: Dependencies, session: Session, position: StoredPosition): Promise<Standpoint> {
  const { mapId, elementId, visits, versionNumber, variables = {}, goalEventIds = [] } = position;
  const published = await deps.recent.publishedNumber(position);
  const current = await deps.versions.get(mapId, published ?? versionNumber);
  const isThere = current.elements.some(({ id }) => id === elementId);
  const version = isThere ? current : await deps.versions.get(mapId, versionNumber);
  const isPaused = await isEntryPaused(deps.db, position.entryId, session);
  return { passage: position, elementId, visits, variables, version, isFirst: false, isPaused, goalEventIds };
}

/** A new entry stands on its trigger. @returns null when the entry is gone or has ended */
async function enter(deps: Dependencies, session: Session, input: AdvanceInput): Promise<Standpoint | null> {
  const entry = await findEntry(deps.db, input.entryId, session);
  if (!entry || entry.status === 'ended') return null;
  const version = await deps.versions.get(entry.mapId, entry.versionNumber);
  const start = { elementId: entry.triggerElementId, visits: {}, variables: {} };
  return { ...start, passage: entry, version, isFirst: true, isPaused: Boolean(entry.pausedAt) };
}
