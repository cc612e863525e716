import { valueIn } from '../../domain/derive-facts';
import { roundMoney } from '../../domain/price-items';
import type { FieldValues } from '../../schemas/field';
import type { AccountId, RecordId } from '../../schemas/ids';
import { OBJECT_TYPE } from '../../schemas/object-type';
import type { RecordFacts } from '../../schemas/record';
import type { Database, Session } from '../../store/database';
import { moveEmailDeeds } from '../../store/email-deeds';
import { findRecordsAbout } from '../../store/records-about';
import { invalid } from '../problem';
import { changeRecord } from './save-record';

/** What one transaction moves. */
const MOVED_MAX = 1000;

/**
 * Has purchases, transactions and tasks of a record lead to another one, each with its facts, and its opens and clicks of
 * e-mails count there.
 *
 * @throws AppError `request.invalid` when there are more than 1000
 */
export async function moveRelations(
  db: Database,
  session: Session,
  of: { accountId: AccountId; from: RecordId; to: RecordId },
): Promise<void> {
  const { accountId, from, to } = of;
  const found = await findRecordsAbout(db, session, { accountId, recordId: from, limit: MOVED_MAX + 1 });
  if (found.length > MOVED_MAX)
    throw invalid({
      path: 'otherId',
      message: `has more than ${MOVED_MAX} purchases and tasks; merge the other way round`,
    });
  for (const record of found) {
    const fields: FieldValues = record.objectTypeId === OBJECT_TYPE.task ? { about_record: to } : { contact_id: to };
    await changeRecord(db, session, record, { fields, add: [], remove: [] });
  }
  await moveEmailDeeds(db, session, of);
}

/** What a contact spent, together with that of the one merged into it, whose purchases it has now. @throws never */
export function addSpent<R extends RecordFacts>(after: R, of: { before: RecordFacts; other: RecordFacts }): R {
  const [spent, more] = [valueIn(of.before, 'spent'), valueIn(of.other, 'spent')];
  if (typeof spent !== 'number' || typeof more !== 'number') return after;
  return { ...after, fields: { ...after.fields, spent: roundMoney(spent + more) } };
}
