import { now } from '../lib/clock';
import { AppError } from '../lib/errors';
import { newId } from '../lib/ids';
import type { AccountId, FormId, MessageId, RuleId, WebhookId } from '../schemas/ids';
import type { Page, PageQuery } from '../schemas/page';
import type { StoredRule } from '../schemas/rule';
import { raiseListenersRevision } from './counters';
import { collection, type Database, Mixed, type Session } from './database';
import { NUMBER_INDEX, nextNumber } from './numbers';
import { listPage } from './page';

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
    unknown: Mixed,
    listenersRevision: Number,
    createdAt: Date,
    updatedAt: Date,
    deletedAt: Date,
  },
  indexes: [
    [{ accountId: 1, _id: -1 }],
    [{ listenersRevision: 1 }],
    [{ deletedAt: 1 }, { expireAfterSeconds: DELETED_KEPT_SECONDS }],
    [{ accountId: 1, 'settings.actions.webhookId': 1 }],
    [{ accountId: 1, 'settings.actions.messageId': 1 }],
    NUMBER_INDEX,
  ],
});

type Of = { accountId: AccountId; ruleId: RuleId };

/** Rules changed after this revision, deleted and paused ones too, in the order of their changes. */
export const findRulesSince = async (db: Database, listenersRevision: number): Promise<StoredRule[]> =>
  db
    .model(RULES)
    .find({ listenersRevision: { $gt: listenersRevision } })
    .sort({ listenersRevision: 1 })
    .lean<StoredRule[]>();

/** The rule, or null when there is none (any more). */
export const findRule = async (db: Database, of: Of, session?: Session): Promise<StoredRule | null> =>
  db
    .model(RULES)
    .findOne({ _id: of.ruleId, accountId: of.accountId, deletedAt: null }, null, session ? { session } : {})
    .lean<StoredRule>();

/** @throws AppError `rule.not-found` */
export async function getRule(db: Database, of: Of, session?: Session): Promise<StoredRule> {
  const rule = await findRule(db, of, session);
  if (!rule) throw new AppError('rule.not-found');
  return rule;
}

/** Creates a rule, paused when it has unknown items; every pump knows it before the next batch of events. */
export async function insertRule(
  db: Database,
  session: Session,
  given: Pick<StoredRule, 'accountId' | 'settings' | 'formId' | 'unknown'>,
): Promise<StoredRule> {
  const at = now();
  const rule: StoredRule = {
    ...given,
    _id: newId('rule'),
    number: await nextNumber(db, given.accountId, 'rules'),
    isPaused: Boolean(given.unknown),
    listenersRevision: await raiseListenersRevision(db, session),
    createdAt: at,
    updatedAt: at,
    deletedAt: null,
  };
  await db.model(RULES).create([rule], { session });
  return rule;
}

/** Changes a rule, and has every pump look at it again. @throws AppError `rule.not-found` */
export async function saveRule(
  db: Database,
  session: Session,
  edit: Of & Partial<Pick<StoredRule, 'settings' | 'isPaused' | 'unknown' | 'deletedAt'>>,
): Promise<StoredRule> {
  const { accountId, ruleId, ...change } = edit;
  const before = await getRule(db, { accountId, ruleId }, session);
  const set = { ...change, updatedAt: now(), listenersRevision: await raiseListenersRevision(db, session) };
  await db.model(RULES).updateOne({ _id: ruleId, accountId }, { $set: set }, { session });
  return { ...before, ...set };
}

/** Deletes a rule; what it made of events is still listed as long as it is kept. @throws AppError `rule.not-found` */
export async function deleteRule(db: Database, session: Session, of: Of): Promise<void> {
  await saveRule(db, session, { ...of, deletedAt: now() });
}

/** The "Always-on rules" of a form. */
export const findRulesOfForm = async (
  db: Database,
  session: Session,
  of: { accountId: AccountId; formId: FormId },
): Promise<StoredRule[]> =>
  db
    .model(RULES)
    .find({ accountId: of.accountId, formId: of.formId, deletedAt: null }, null, { session })
    .lean<StoredRule[]>();

/** Whether any rule names this webhook. */
export const isWebhookOnRule = (
  db: Database,
  session: Session,
  of: { accountId: AccountId; webhookId: WebhookId },
): Promise<boolean> => isOnRule(db, session, of.accountId, { 'settings.actions.webhookId': of.webhookId });

/** Whether any rule sends this message. */
export const isMessageOnRule = (
  db: Database,
  session: Session,
  of: { accountId: AccountId; messageId: MessageId },
): Promise<boolean> => isOnRule(db, session, of.accountId, { 'settings.actions.messageId': of.messageId });

const isOnRule = async (db: Database, session: Session, accountId: AccountId, names: object): Promise<boolean> =>
  (await db
    .model(RULES)
    .exists({ accountId, deletedAt: null, ...names } as object)
    .session(session)) !== null;

/** The account's rules, newest first. */
export const listRules = (
  db: Database,
  filter: { accountId: AccountId; objectTypeId: number | undefined; formId: FormId | undefined },
  page: PageQuery,
): Promise<Page<StoredRule>> => {
  const { accountId, objectTypeId, formId } = filter;
  return listPage(db, RULES, { accountId, deletedAt: null, 'settings.objectTypeId': objectTypeId, formId }, page);
};
