import { deriveFacts } from '../domain/derive-facts';
import type { WalkStop } from '../domain/elements/arrival';
import { type Visit, type Walked, walk } from '../domain/walk';
import { now } from '../lib/clock';
import { newId } from '../lib/ids';
import type { StoredVersion } from '../schemas/automation-map';
import type { Cause, Stop, StoredEntry, StoredPosition, StoredStep } from '../schemas/entry';
import type { AccountId, EntryId, PositionId } from '../schemas/ids';
import type { StoredRecord } from '../schemas/record';
import type { StoredWebhook } from '../schemas/webhook';
import { type Session, transaction } from '../store/database';
import { cancelDeliveryOf, insertDelivery } from '../store/deliveries';
import { endEntry, findEntry } from '../store/entries';
import { getMap } from '../store/maps';
import { takeTurn } from '../store/paces';
import { findPosition, insertPosition, savePosition } from '../store/positions';
import { findRecord, replaceRecordFacts } from '../store/records';
import { appendSteps } from '../store/steps';
import { findWebhook } from '../store/webhooks';
import type { Dependencies } from './dependencies';
import { orderDelivery } from './order-delivery';

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
  stop: Stop;
  /** Step that the stop belongs to */
  step: number;
  /** Titles passed in this step, for people who look at the workflow */
  path: string[];
  /** For a send: milliseconds until its expected turn */
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
  const taken = await transaction(deps.db, (session) => takeStep(deps, session, input));
  if (taken.facts > 0) deps.onEvents();
  const { stop } = taken;
  const turnWaitMs = stop.kind === 'send' ? await takeTurn(deps.db, stop.delivery.webhookId) : 0;
  return { stop, step: taken.step, path: taken.path, turnWaitMs };
}

type Taken = Omit<Advanced, 'turnWaitMs'> & { facts: number };
const settled = (step: number, stop: Stop): Taken => ({ stop, step, path: [], facts: 0 });

async function takeStep(deps: Dependencies, session: Session, input: AdvanceInput): Promise<Taken> {
  const { db } = deps;
  const before = await findPosition(db, input.positionId, session);
  if (before && before.step >= input.step) return settled(before.step, before.stop);
  const entry = await findEntry(db, input.entryId, session);
  if (!entry || entry.status === 'ended')
    return settled(input.step, { kind: 'end', reason: entry?.endReason ?? 'completed' });

  const record = await findRecord(db, { accountId: entry.accountId, recordId: entry.recordId }, session);
  if (before && input.cause.kind === 'woken' && record) return settled(before.step, before.stop);

  const version = await chooseVersion(deps, entry, before, session);
  const standing = before ?? { elementId: entry.triggerElementId, visits: {} };
  const walked: Walked = record
    ? walk(version, standing, record, { cause: input.cause, nowMs: input.nowMs })
    : { standing, stop: { kind: 'end', reason: 'record-deleted' }, visits: [], record: { fields: {}, tagIds: [] } };

  const facts = record ? deriveFacts(record, walked.record) : [];
  if (record) await replaceRecordFacts(db, session, { record, after: walked.record, facts, hops: entry.hops + 1 });
  const stop = await carryOutStop(deps, session, { entry, version, walked, input, record });
  await saveStanding(deps, session, { entry, before, version, walked, stop, input });
  await appendSteps(
    db,
    session,
    walked.visits.map((visit, index) => stepOf(visit, index, { entry, before, input })),
  );
  return { stop, step: input.step, path: walked.visits.map(pathOf), facts: facts.length };
}

/** The current version, as long as it still has the element that the position rests on; else the one it came by. */
async function chooseVersion(
  deps: Dependencies,
  entry: StoredEntry,
  before: StoredPosition | null,
  session: Session,
): Promise<StoredVersion> {
  if (!before) return deps.versions.get(entry.mapId, entry.versionNumber);
  const map = await getMap(deps.db, { accountId: entry.accountId, mapId: entry.mapId }, session);
  const current = await deps.versions.get(entry.mapId, map.publishedNumber ?? before.versionNumber);
  const isThere = current.elements.some(({ id }) => id === before.elementId);
  return isThere ? current : deps.versions.get(entry.mapId, before.versionNumber);
}

/** Writes what the stop needs to exist: the delivery of a send, the end of an entry. */
async function carryOutStop(
  deps: Dependencies,
  session: Session,
  at: { entry: StoredEntry; version: StoredVersion; walked: Walked; input: AdvanceInput; record: StoredRecord | null },
): Promise<Stop> {
  const { entry, walked, input } = at;
  const stop: WalkStop = walked.stop;
  const title = at.version.elements.find(({ id }) => id === walked.standing.elementId)?.title ?? '';
  switch (stop.kind) {
    case 'wait':
      return { ...stop, title: title || 'Wait' };
    case 'end':
      if (input.cause.kind !== 'sent')
        await cancelDeliveryOf(deps.db, session, { positionId: input.positionId, at: now() });
      await endEntry(deps.db, session, { entryId: entry._id, reason: stop.reason });
      return stop;
    case 'send': {
      const webhook: StoredWebhook | null = await findWebhook(
        deps.db,
        { accountId: entry.accountId, webhookId: stop.webhookId },
        session,
      );
      const map = await getMap(deps.db, { accountId: entry.accountId, mapId: entry.mapId }, session);
      const { order, delivery } = orderDelivery({
        entry,
        webhook,
        webhookId: stop.webhookId,
        mapName: map.name,
        elementId: walked.standing.elementId,
        input,
      });
      await insertDelivery(deps.db, session, delivery);
      return { kind: 'send', delivery: order, title: title || webhook?.settings.name || 'Webhook' };
    }
  }
}

async function saveStanding(
  deps: Dependencies,
  session: Session,
  at: {
    entry: StoredEntry;
    before: StoredPosition | null;
    version: StoredVersion;
    walked: Walked;
    stop: Stop;
    input: AdvanceInput;
  },
): Promise<void> {
  const { entry, walked, stop, input } = at;
  const position: StoredPosition = {
    _id: input.positionId,
    accountId: entry.accountId,
    entryId: entry._id,
    mapId: entry.mapId,
    recordId: entry.recordId,
    elementId: walked.standing.elementId,
    versionNumber: at.version.number,
    step: input.step,
    stop,
    status: stop.kind === 'wait' ? 'waiting' : stop.kind === 'send' ? 'sending' : 'ended',
    visits: walked.standing.visits,
    since: now(),
    wakeAt: stop.kind === 'wait' ? new Date(stop.untilMs) : null,
  };
  await (at.before ? savePosition : insertPosition)(deps.db, session, position);
}

function stepOf(
  visit: Visit,
  index: number,
  at: { entry: StoredEntry; before: StoredPosition | null; input: AdvanceInput },
): StoredStep {
  const visitedBefore = Object.values(at.before?.visits ?? {}).reduce((sum, n) => sum + n, 0);
  return {
    _id: newId('step'),
    accountId: at.entry.accountId,
    entryId: at.entry._id,
    mapId: at.entry.mapId,
    positionId: at.input.positionId,
    n: visitedBefore + index,
    elementId: visit.element.id,
    kind: visit.element.kind,
    title: visit.element.title,
    port: visit.port,
    detail: visit.detail,
    at: now(),
  };
}

const pathOf = ({ element, port, detail }: Visit): string =>
  `${element.title || element.kind}${detail ? ` (${detail})` : ''}${port ? '' : ' (end)'}`;
