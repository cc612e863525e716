import type { AccountId, RecordId } from '../schemas/ids';
import { OBJECT_TYPE } from '../schemas/object-type';
import type { StoredRecord } from '../schemas/record';
import type { Database, Session } from './database';
import { RECORDS } from './records';

/** Where a record is named by what was sold to it and by tasks. */
const ABOUT = [
  [OBJECT_TYPE.purchase, 'contact_id'],
  [OBJECT_TYPE.transaction, 'contact_id'],
  [OBJECT_TYPE.task, 'about_record'],
] as const;

/** Purchases, transactions and tasks of a record, each kind by an index of its own. @returns at most `limit` */
export async function findRecordsAbout(
  db: Database,
  session: Session,
  of: { accountId: AccountId; recordId: RecordId; limit: number },
): Promise<StoredRecord[]> {
  const found: StoredRecord[] = [];
  for (const [objectTypeId, fieldId] of ABOUT)
    found.push(
      ...(await db
        .model(RECORDS)
        .find({ accountId: of.accountId, objectTypeId, [`fields.${fieldId}`]: of.recordId } as object, null, {
          session,
        })
        .limit(of.limit - found.length + 1)
        .lean<StoredRecord[]>()),
    );
  return found;
}
