import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { encodeTime, monotonicFactory } from 'ulid';
import {
  type DeliveryId,
  type EntryId,
  ID_PREFIXES,
  type Id,
  type IdKind,
  type JobId,
  type MapId,
  type OutgoingMessageId,
  type PositionId,
  type RecordId,
} from '../schemas/ids';

const nextUlid = monotonicFactory();

/** A new id of one kind, growing with time: sorting by id is sorting by creation. */
export const newId = <K extends IdKind>(kind: K): Id<K> => `${ID_PREFIXES[kind]}_${nextUlid().toLowerCase()}` as Id<K>;

const TIME_CHARS = 10;
const RANDOM_CHARS = 16;

/** The least id of one kind that can be made at an instant: a bound for ids before and after it. */
export const idAt = <K extends IdKind>(kind: K, at: Date): Id<K> =>
  `${ID_PREFIXES[kind]}_${encodeTime(at.getTime(), TIME_CHARS).toLowerCase()}${'0'.repeat(RANDOM_CHARS)}` as Id<K>;

/**
 * The id that always follows from the same parts, so that doing a thing twice names it once.
 *
 * @param parts what makes it unique; joined with a character that ids do not hold
 */
export function deriveId<K extends IdKind>(kind: K, ...parts: (string | number)[]): Id<K> {
  const digest = BigInt(`0x${createHash('sha256').update(parts.join('\n')).digest('hex')}`);
  return `${ID_PREFIXES[kind]}_${digest.toString(36).padStart(50, '0').slice(-26)}` as Id<K>;
}

/** Like `deriveId`, but among the ids that can be made at an instant, so that it is sorted with them. */
export const deriveIdAt = <K extends IdKind>(kind: K, at: Date, ...parts: (string | number)[]): Id<K> =>
  `${idAt(kind, at).slice(0, -RANDOM_CHARS)}${deriveId(kind, ...parts).slice(-RANDOM_CHARS)}` as Id<K>;

/** Which of 16 shares a record's events belong to. @returns 0..15 */
export const partitionOf = (recordId: string): number =>
  (createHash('sha256').update(recordId).digest()[0] ?? 0) % PARTITIONS;
export const PARTITIONS = 16;

/** SHA-256 of a text, in hex. */
export const hashText = (text: string): string => createHash('sha256').update(text).digest('hex');

/** 24 random bytes, as text for headers and URLs. */
export const newSecret = (): string => randomBytes(24).toString('base64url');

/** Keyed hash under which an API key is stored and looked up. */
export const hashKey = (apiKey: string, pepper: string): string =>
  createHmac('sha256', pepper).update(apiKey).digest('hex');

/** Compares without telling by its duration where two texts differ. */
export const isSameText = (a: string, b: string): boolean => {
  const [x, y] = [createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest()];
  return timingSafeEqual(x, y);
};

/** The workflow of an entry, from what makes it unique: a second start of the same is refused by Temporal. */
export const workflowIdOf = (entry: { mapId: MapId; recordId: RecordId; entryKey: string }): string =>
  `map:${entry.mapId}:${entry.recordId}:${entry.entryKey}`;

/** The workflow of a delivery outside a map's own flow; each replay has one of its own. */
export const deliveryWorkflowIdOf = (deliveryId: DeliveryId, replay: number): string =>
  replay === 0 ? `dlv:${deliveryId}` : `dlv:${deliveryId}:${replay}`;

export const jobWorkflowIdOf = (jobId: JobId): string => `job:${jobId}`;

/** The workflow of a message that a rule sends. */
export const messageWorkflowIdOf = (outgoingId: OutgoingMessageId): string => `msg:${outgoingId}`;

/** The one position of an entry without branches. */
export const positionIdOf = (entryId: EntryId): PositionId => deriveId('position', entryId, 'main');
