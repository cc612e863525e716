import type { AccountId, RuleId } from '../schemas/ids';
import type { StoredRule } from '../schemas/rule';
import { collection, type Database, Mixed, type Session } from './database';
import { NUMBER_INDEX } from './numbers';

/** Deleted rules are kept this long, so that every pump hears of it. */
const DELETED_KEPT_SECONDS = 7 * 24 * 3600;

export const RULES = collection<StoredRule>({
  name: 'rules',
  shape: {
    _id: String,
    accountId: String,
    number: Number,
    settings: Mixed,
    formId: String,
    isPaused: Boolean,
    listenersRevision: Number,
    createdAt: Date,
    updatedAt: Date,
    deletedAt: Date,
  },
  indexes: [
    [{ accountId: 1, _id: -1 }],
    [{ listenersRevision: 1 }],
    [{ deletedAt: 1 }, { expireAfterSeconds: DELETED_KEPT_SECONDS }],
    NUMBER_INDEX,
  ],
});

/** Rules changed after this revision, deleted and paused ones too, in the order of their changes. */
export const findRulesSince = async (db: Database, listenersRevision: number): Promise<StoredRule[]> =>
  db
    .model(RULES)
    .find({ listenersRevision: { $gt: listenersRevision } })
    .sort({ listenersRevision: 1 })
    .lean<StoredRule[]>();

/** The rule, or null when there is none (any more). */
export const findRule = async (
  db: Database,
  of: { accountId: AccountId; ruleId: RuleId },
  session?: Session,
): Promise<StoredRule | null> =>
  db
    .model(RULES)
    .findOne({ _id: of.ruleId, accountId: of.accountId, deletedAt: null }, null, session ? { session } : {})
    .lean<StoredRule>();
