import { now } from '../lib/clock';
import { AppError } from '../lib/errors';
import { newId, newSecret } from '../lib/ids';
import type { AccountId, InboundId } from '../schemas/ids';
import type { InboundSettings, StoredInbound } from '../schemas/inbound';
import type { Page, PageQuery } from '../schemas/page';
import { collection, type Database, Mixed, type Session } from './database';
import { NUMBER_INDEX, nextNumber } from './numbers';
import { listPage } from './page';

export const INBOUNDS = collection<StoredInbound>({
  name: 'inbounds',
  shape: {
    _id: String,
    accountId: String,
    number: Number,
    token: String,
    settings: Mixed,
    sealedSecret: String,
    createdAt: Date,
    updatedAt: Date,
  },
  indexes: [[{ accountId: 1, _id: -1 }], [{ token: 1 }, { unique: true }], NUMBER_INDEX],
});

type Of = { accountId: AccountId; inboundId: InboundId };

/** Creates a source with a token of its own. */
export async function insertInbound(
  db: Database,
  session: Session,
  given: { accountId: AccountId; settings: InboundSettings; sealedSecret: string | null },
): Promise<StoredInbound> {
  const at = now();
  const number = await nextNumber(db, given.accountId, 'inbounds');
  const stored: StoredInbound = {
    ...given,
    _id: newId('inbound'),
    number,
    token: newSecret(),
    createdAt: at,
    updatedAt: at,
  };
  await db.model(INBOUNDS).create([stored], { session });
  return stored;
}

/** @throws AppError `inbound.not-found` */
export async function getInbound(db: Database, of: Of, session?: Session): Promise<StoredInbound> {
  const inbound = await db
    .model(INBOUNDS)
    .findOne({ _id: of.inboundId, accountId: of.accountId }, null, session ? { session } : {})
    .lean<StoredInbound>();
  if (!inbound) throw new AppError('inbound.not-found');
  return inbound;
}

/** The source that takes messages under this token, of whichever account; null when there is none. */
export const findInboundByToken = async (db: Database, token: string): Promise<StoredInbound | null> =>
  db.model(INBOUNDS).findOne({ token }).lean<StoredInbound>();

/** Replaces the settings and the secret. @throws AppError `inbound.not-found` */
export async function saveInbound(
  db: Database,
  session: Session,
  edit: Of & { settings: InboundSettings; sealedSecret: string | null },
): Promise<StoredInbound> {
  const { inboundId, accountId, settings, sealedSecret } = edit;
  const saved = await db
    .model(INBOUNDS)
    .findOneAndUpdate(
      { _id: inboundId, accountId },
      { $set: { settings, sealedSecret, updatedAt: now() } },
      { session, returnDocument: 'after' },
    )
    .lean<StoredInbound>();
  if (!saved) throw new AppError('inbound.not-found');
  return saved;
}

/** Deletes a source; its URL answers 404 from then on. @throws AppError `inbound.not-found` */
export async function deleteInbound(db: Database, session: Session, of: Of): Promise<void> {
  const { deletedCount } = await db
    .model(INBOUNDS)
    .deleteOne({ _id: of.inboundId, accountId: of.accountId }, { session });
  if (deletedCount === 0) throw new AppError('inbound.not-found');
}

/** The account's sources, newest first. */
export const listInbounds = (db: Database, accountId: AccountId, page: PageQuery): Promise<Page<StoredInbound>> =>
  listPage(db, INBOUNDS, { accountId }, page);
