import type { StoredPosition } from '../schemas/entry';
import type { FieldValues } from '../schemas/field';
import type { EntryId, EventId, PositionId } from '../schemas/ids';
import { collection, type Database, insertPlain, Mixed, type Session } from './database';

export const POSITIONS = collection<StoredPosition>({
  name: 'positions',
  shape: {
    _id: String,
    accountId: String,
    entryId: String,
    mapId: String,
    mapName: String,
    objectTypeId: Number,
    workflowId: String,
    hops: Number,
    recordId: String,
    elementId: String,
    versionNumber: Number,
    step: Number,
    stop: Mixed,
    status: String,
    visits: Mixed,
    variables: Mixed,
    heldAnswer: Mixed,
    goalEventIds: [String],
    since: Date,
    wakeAt: Date,
  },
  indexes: [
    [{ entryId: 1 }],
    [{ mapId: 1, elementId: 1, _id: 1 }, { partialFilterExpression: { status: { $in: ['waiting', 'sending'] } } }],
  ],
});

/** The position, or null before the first step. */
export const findPosition = async (
  db: Database,
  positionId: PositionId,
  session?: Session,
): Promise<StoredPosition | null> =>
  db
    .model(POSITIONS)
    .findById(positionId, null, session ? { session } : {})
    .lean<StoredPosition>();

/** The variables of a position's entry; none when there is no such position. */
export async function findVariables(db: Database, positionId: PositionId): Promise<FieldValues> {
  const position = await db
    .model(POSITIONS)
    .findById(positionId, { variables: 1 })
    .lean<Pick<StoredPosition, 'variables'>>();
  return position?.variables ?? {};
}

/** Creates a position. @throws on one that exists */
export async function insertPosition(db: Database, session: Session, position: StoredPosition): Promise<void> {
  await insertPlain(db, POSITIONS, [position], session);
}

/** Replaces all but the ids of a position. */
export async function savePosition(db: Database, session: Session, position: StoredPosition): Promise<void> {
  const { _id, ...rest } = position;
  await db.model(POSITIONS).updateOne({ _id }, { $set: rest }, { session });
}

/** Keeps an answer with the position until its entry is resumed. */
export async function holdAnswer(
  db: Database,
  session: Session,
  of: { positionId: PositionId; heldAnswer: NonNullable<StoredPosition['heldAnswer']> },
): Promise<void> {
  await db.model(POSITIONS).updateOne({ _id: of.positionId }, { $set: { heldAnswer: of.heldAnswer } }, { session });
}

/** Whether an event has let any of these entries jump to a goal. */
export const hasJumped = async (db: Database, of: { entryIds: EntryId[]; eventId: EventId }): Promise<boolean> =>
  (await db.model(POSITIONS).exists({ entryId: { $in: of.entryIds }, goalEventIds: of.eventId })) !== null;

/** The positions of an entry. */
export const findPositionsOf = async (db: Database, entryId: EntryId): Promise<StoredPosition[]> =>
  db.model(POSITIONS).find({ entryId }).lean<StoredPosition[]>();
