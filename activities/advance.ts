import { deriveFacts } from '../domain/derive-facts';
import { needsOf } from '../domain/surroundings';
import { type Walked, walk } from '../domain/walk';
import type { StoredVersion } from '../schemas/automation-map';
import type { Cause, Passage, Paused, Stop, StoredPosition } from '../schemas/entry';
import type { Fact } from '../schemas/event';
import type { FieldValues } from '../schemas/field';
import type { AccountId, EntryId, PositionId } from '../schemas/ids';
import { isDuplicate, type Session, transaction } from '../store/database';
import { findEntry } from '../store/entries';
import { isEntryPaused } from '../store/pause-entry';
import { findPosition } from '../store/positions';
import { findRecord, replaceRecordFacts } from '../store/records';
import { takeTurnFor } from '../store/turns';
import { applyAnswer, keepAnswer } from './apply-answer';
import type { Dependencies } from './dependencies';
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
  const { stop } = taken;
  const turnWaitMs = stop.kind === 'send' ? await takeTurnFor(deps.db, stop.delivery) : 0;
  return { stop, step: taken.step, path: taken.path, turnWaitMs };
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
  const standing = position ? await standOn(deps, session, position) : await enter(deps, session, input);
  if (!standing) return foundTaken(input.step, { kind: 'end', reason: 'completed' });

  const { passage, version } = standing;
  const record = await findRecord(db, passage, session);
  if (position && input.cause.kind === 'woken' && record) return foundTaken(position.step, position.stop);
  if (standing.isPaused && input.cause.kind !== 'exit' && record) {
    await keepAnswer(deps, session, { position, cause: input.cause });
    return { stop: { kind: 'paused' }, step: input.step - 1, path: [], facts: 0 };
  }

  const answered = record && (await applyAnswer(deps, session, { position, cause: input.cause, record }));
  const from = { ...standing, variables: answered?.variables ?? standing.variables };
  const around = await readSurroundings(
    db,
    { ...passage, nowMs: input.nowMs },
    needsOf(conditionsOn(version)),
    session,
  );
  const walked: Walked = answered
    ? walk(version, from, answered.record, { ...input, around })
    : {
        standing: from,
        stop: { kind: 'end', reason: 'record-deleted' },
        visits: [],
        record: { fields: {}, tagIds: [] },
      };
  const facts = record
    ? [...deriveFacts(record, walked.record), ...(await factsOfEnd(deps, passage, { walked, input }))]
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
  const { mapId, elementId, visits, versionNumber, variables = {} } = position;
  const published = await deps.recent.publishedNumber(position);
  const current = await deps.versions.get(mapId, published ?? versionNumber);
  const isThere = current.elements.some(({ id }) => id === elementId);
  const version = isThere ? current : await deps.versions.get(mapId, versionNumber);
  const isPaused = await isEntryPaused(deps.db, position.entryId, session);
  return { passage: position, elementId, visits, variables, version, isFirst: false, isPaused };
}

/** A new entry stands on its trigger. @returns null when the entry is gone or has ended */
async function enter(deps: Dependencies, session: Session, input: AdvanceInput): Promise<Standpoint | null> {
  const entry = await findEntry(deps.db, input.entryId, session);
  if (!entry || entry.status === 'ended') return null;
  const version = await deps.versions.get(entry.mapId, entry.versionNumber);
  const start = { elementId: entry.triggerElementId, visits: {}, variables: {} };
  return { ...start, passage: entry, version, isFirst: true, isPaused: Boolean(entry.pausedAt) };
}
