import type { AccountId, EventId, RecordId, RuleId } from '../schemas/ids';
import type { Page, PageQuery } from '../schemas/page';
import type { StoredEvaluation } from '../schemas/rule';
import { collection, type Database, insertPlain, type Session } from './database';
import { listPage } from './page';

const KEPT_SECONDS = 30 * 24 * 3600;

/** What rules made of events. The unique index makes each of an event and a rule once. */
export const EVALUATIONS = collection<StoredEvaluation>({
  name: 'evaluations',
  shape: {
    _id: String,
    accountId: String,
    ruleId: String,
    eventId: String,
    recordId: String,
    didFire: Boolean,
    because: String,
    at: Date,
  },
  indexes: [
    [{ ruleId: 1, eventId: 1 }, { unique: true }],
    [{ ruleId: 1, _id: -1 }],
    [{ ruleId: 1, recordId: 1, _id: -1 }],
    [{ ruleId: 1, at: -1 }, { partialFilterExpression: { didFire: true } }],
    [{ at: 1 }, { expireAfterSeconds: KEPT_SECONDS }],
  ],
});

/** Notes what a rule made of an event. @throws a duplicate error when that was noted before */
export async function appendEvaluation(db: Database, session: Session, evaluation: StoredEvaluation): Promise<void> {
  await insertPlain(db, EVALUATIONS, [evaluation], session);
}

/** Whether a rule has looked at an event. */
export const isEvaluated = async (
  db: Database,
  of: { ruleId: RuleId; eventId: EventId },
  session?: Session,
): Promise<boolean> =>
  (await db
    .model(EVALUATIONS)
    .exists(of)
    .session(session ?? null)) !== null;

/** When a rule last fired, as far as that is kept. */
export async function findLastFiredAt(
  db: Database,
  of: { accountId: AccountId; ruleId: RuleId },
): Promise<Date | null> {
  const newest = await db
    .model(EVALUATIONS)
    .findOne({ ...of, didFire: true }, { at: 1 })
    .sort({ at: -1 })
    .lean<Pick<StoredEvaluation, 'at'>>();
  return newest?.at ?? null;
}

/** What a rule made of events, newest first. */
export const listEvaluations = (
  db: Database,
  filter: { accountId: AccountId; ruleId: RuleId; recordId: RecordId | undefined },
  page: PageQuery,
): Promise<Page<StoredEvaluation>> => listPage(db, EVALUATIONS, filter, page);
