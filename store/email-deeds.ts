import type { EmailDeed } from '../schemas/condition';
import type { Fact } from '../schemas/event';
import type { AccountId, RecordId } from '../schemas/ids';
import { collection, type Database, type Session } from './database';

/** How often a record opened an e-mail, or clicked links in it; kept when the events themselves are gone. */
export interface StoredEmailDeeds {
  /** `{recordId} {did} {messageId}` */
  _id: string;
  accountId: AccountId;
  recordId: RecordId;
  did: EmailDeed;
  messageId: string;
  count: number;
}

export const EMAIL_DEEDS = collection<StoredEmailDeeds>({
  name: 'emailDeeds',
  shape: { _id: String, accountId: String, recordId: String, did: String, messageId: String, count: Number },
  indexes: [[{ recordId: 1 }]],
});

const DEEDS: Readonly<Partial<Record<Fact['type'], EmailDeed>>> = {
  'email.opened': 'opened',
  'email.clicked': 'clicked',
};

/** Counts those of the facts that are about e-mails, in the transaction that writes them; a deleted record's are forgotten. */
export async function countEmailDeeds(
  db: Database,
  session: Session | null,
  of: { accountId: AccountId; recordId: RecordId; facts: readonly Fact[] },
): Promise<void> {
  const { accountId, recordId } = of;
  for (const fact of of.facts) {
    if (fact.type === 'record.deleted')
      await db.model(EMAIL_DEEDS).deleteMany({ recordId }, session ? { session } : {});
    const did = DEEDS[fact.type];
    if (!did || !('messageId' in fact)) continue;
    await addDeeds(db, session, { accountId, recordId, did, messageId: fact.messageId, count: 1 });
  }
}

async function addDeeds(db: Database, session: Session | null, deeds: Omit<StoredEmailDeeds, '_id'>): Promise<void> {
  const { count, ...of } = deeds;
  const _id = `${of.recordId} ${of.did} ${of.messageId}`;
  const options = { upsert: true, ...(session ? { session } : {}) };
  await db.model(EMAIL_DEEDS).updateOne({ _id }, { $inc: { count }, $setOnInsert: of }, options);
}

/** Has what one record did with its e-mails count for another, into which it is merged. */
export async function moveEmailDeeds(
  db: Database,
  session: Session,
  of: { accountId: AccountId; from: RecordId; to: RecordId },
): Promise<void> {
  for (const { did, messageId, count } of await findEmailDeeds(db, of.from, session))
    await addDeeds(db, session, { accountId: of.accountId, recordId: of.to, did, messageId, count });
  await db.model(EMAIL_DEEDS).deleteMany({ recordId: of.from }, { session });
}

/** What a record did with its e-mails, each message once for each deed. */
export const findEmailDeeds = async (
  db: Database,
  recordId: RecordId,
  session?: Session,
): Promise<StoredEmailDeeds[]> =>
  db
    .model(EMAIL_DEEDS)
    .find({ recordId }, null, session ? { session } : {})
    .lean<StoredEmailDeeds[]>();
