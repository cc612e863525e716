import { now } from '../lib/clock';
import { hashText } from '../lib/ids';
import type { AccountId, InboundId, RecordId } from '../schemas/ids';
import type { StoredReceipt } from '../schemas/inbound';
import { collection, type Database, type Session } from './database';

const KEPT_MS = 30 * 24 * 3600 * 1000;

export const INBOUND_RECEIPTS = collection<StoredReceipt>({
  name: 'inbound-receipts',
  shape: { _id: String, accountId: String, inboundId: String, key: String, recordId: String, expireAt: Date },
  indexes: [
    [{ inboundId: 1, key: 1 }, { unique: true }],
    [{ expireAt: 1 }, { expireAfterSeconds: 0 }],
  ],
});

type Of = { accountId: AccountId; inboundId: InboundId; key: string };

/** What was taken under this key before, or null. */
export const findReceipt = async (db: Database, session: Session, of: Of): Promise<StoredReceipt | null> =>
  db
    .model(INBOUND_RECEIPTS)
    .findOne({ accountId: of.accountId, inboundId: of.inboundId, key: of.key }, null, { session })
    .lean<StoredReceipt>();

/** Keeps that a message was taken, in the transaction of what it changed. Of two at once one is refused as a duplicate. */
export async function insertReceipt(db: Database, session: Session, of: Of & { recordId: RecordId }): Promise<void> {
  const _id = hashText(`${of.inboundId}\n${of.key}`);
  const expireAt = new Date(now().getTime() + KEPT_MS);
  await db.model(INBOUND_RECEIPTS).create([{ ...of, _id, expireAt }], { session });
}
