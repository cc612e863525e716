import type { AccountId } from '../schemas/ids';
import type { Collection, Database } from './database';
import { DELIVERIES } from './deliveries';
import { ENTRIES } from './entries';
import { EVENTS } from './events';
import { findRows } from './find-rows';
import { FORMS } from './forms';
import { INBOUNDS } from './inbounds';
import { JOBS } from './jobs';
import { KEYS } from './keys';
import { MAPS } from './maps';
import { MESSAGES } from './messages';
import { OUTGOING_MESSAGES } from './outgoing-messages';
import { RECORDS } from './records';
import { RULES } from './rules';
import { SUBSCRIPTIONS } from './subscriptions';
import { TAGS } from './tags';
import { WEBHOOKS } from './webhooks';

/** Kinds of things of which the latest is looked up. */
const KINDS = {
  tag: TAGS,
  event: EVENTS,
  map: MAPS,
  entry: ENTRIES,
  webhook: WEBHOOKS,
  rule: RULES,
  subscription: SUBSCRIPTIONS,
  delivery: DELIVERIES,
  job: JOBS,
  key: KEYS,
  form: FORMS,
  message: MESSAGES,
  outgoingMessage: OUTGOING_MESSAGES,
  inbound: INBOUNDS,
} as const;
export type LatestKind = keyof typeof KINDS;

/** What names the latest thing of a kind. */
export interface Latest {
  id: string;
  /** Its decimal id in the API under /1, where it has one */
  number: number | null;
  /** What people call it, where it has a name */
  name: string | null;
  /** Of maps: the version that is published */
  publishedNumber: number | null;
  /** Of records: the address, where there is one */
  email: string | null;
}

/** The latest of each kind that an account has; kinds of which it has none are left out. */
export type LatestOfEach = Partial<Record<LatestKind, Latest>>;

/** The latest record of each object type that has one. @throws never */
export async function findLatestRecords(
  db: Database,
  accountId: AccountId,
  objectTypeIds: readonly number[],
): Promise<ReadonlyMap<number, Latest>> {
  const found = await Promise.all(
    objectTypeIds.map(
      async (objectTypeId) => [objectTypeId, await findOne(db, RECORDS as never, { accountId, objectTypeId })] as const,
    ),
  );
  return new Map(found.flatMap(([objectTypeId, latest]) => (latest ? [[objectTypeId, latest] as const] : [])));
}

/**
 * The latest thing of each kind. Examples are run with it: maps are published ones where there is one, and webhooks none
 * of a subscription.
 *
 * @throws never
 */
export async function findLatest(db: Database, accountId: AccountId): Promise<LatestOfEach> {
  const preferred: Partial<Record<LatestKind, Record<string, unknown>>> = {
    map: { publishedNumber: { $type: 'number' } },
    webhook: { owner: null },
  };
  const found = await Promise.all(
    Object.entries(KINDS).map(async ([kind, from]) => {
      const filter = { accountId, ...('deletedAt' in from.shape ? { deletedAt: null } : {}) };
      const wanted = preferred[kind as LatestKind];
      const latest =
        (wanted && (await findOne(db, from as never, { ...filter, ...wanted }))) ??
        (await findOne(db, from as never, filter));
      return [kind, latest] as const;
    }),
  );
  return Object.fromEntries(found.filter(([, latest]) => latest !== undefined));
}

interface Stored {
  _id: string;
  number?: number;
  name?: string;
  settings?: { name?: string };
  publishedNumber?: number | null;
  fields?: Record<string, unknown>;
}

async function findOne(
  db: Database,
  from: Collection<Stored>,
  filter: Record<string, unknown>,
): Promise<Latest | undefined> {
  const [row] = await findRows<Stored>(db, from, { filter, sort: { _id: -1 }, limit: 1 });
  if (!row) return undefined;
  const { _id: id, number = null, publishedNumber = null, fields } = row;
  const name = row.name ?? row.settings?.name ?? null;
  return { id, number, name, publishedNumber, email: typeof fields?.email === 'string' ? fields.email : null };
}
