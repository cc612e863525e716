import { z } from 'zod';
import { AppError } from '../../lib/errors';
import type { AccountId } from '../../schemas/ids';
import type { StoredRule } from '../../schemas/rule';
import type { Database, Session } from '../../store/database';
import { findByNumber } from '../../store/numbers';
import { deleteRule, RULES } from '../../store/rules';
import { changeRule, createRule } from '../handlers/save-rule';
import { choiceParameters, chooseRows, DELETED_MAX } from './choose-rows';
import { collectionRoutes } from './collection-routes';
import { decimalId, objectID, optional } from './parameters';
import type { Resource } from './resource';
import { writeCall } from './route';
import { readStrings, showRule } from './rule-strings';

const tag = 'Rules';
const text = z.string().max(65_535);
const SHOWN = {
  id: '6',
  name: 'Tell the CRM',
  object_type_id: '0',
  events: 'Contact_added_to_category(4)',
  conditions: 'Is_in_category(7)',
  actions: 'Ping_APIURL(31)',
  pause: '0',
  unknown: '',
  last_action: '1767225600',
  drip_id: '0',
  date: '1767225600',
  dlm: '1767225600',
};

/** Rules, with events, conditions and actions in Ontraport's strings. */
export const ruleRoutes = [
  ...collectionRoutes({
    tag,
    one: 'Rule',
    several: 'Rules',
    open: openRules,
    notFound: 'rule.not-found',
    answer: SHOWN,
  }),
  writeCall({
    method: 'post',
    path: '/Rules',
    tag,
    summary: 'Create a rule',
    description:
      'Items that have no counterpart here are kept as they came and named in "unknown"; the rule is then paused, and cannot be unpaused.',
    parameters: z.object({
      name: optional(z.string().trim().max(100)),
      object_type_id: objectID,
      events: text,
      conditions: text.default(''),
      actions: text,
    }),
    answer: SHOWN,
    handler: async ({ db }, { account, given }, session) => {
      const accountId = account._id;
      const read = await readStrings(db, session, {
        accountId,
        objectTypeId: given.object_type_id,
        name: given.name ?? 'Rule',
        strings: { events: given.events, conditions: given.conditions, actions: given.actions },
      });
      const rule = await createRule(db, session, { accountId, ...read, formId: null });
      return { data: await showRule(db, rule, session) };
    },
  }),
  writeCall({
    method: 'put',
    path: '/Rules',
    tag,
    summary: 'Change a rule',
    description: 'What is not given stays.',
    parameters: z.object({
      id: decimalId,
      name: optional(z.string().trim().max(100)),
      object_type_id: optional(objectID),
      events: text.optional(),
      conditions: text.optional(),
      actions: text.optional(),
    }),
    answer: { attrs: { name: 'Tell the CRM', dlm: '1767225600', id: '6' } },
    handler: async ({ db }, { account, given }, session) => {
      const accountId = account._id;
      const before = await getRuleNumbered(db, session, { accountId, number: given.id });
      const was = await showRule(db, before, session);
      const strings = {
        events: given.events ?? String(was.events),
        conditions: given.conditions ?? String(was.conditions),
        actions: given.actions ?? String(was.actions),
      };
      const { name, objectTypeId } = before.settings;
      const read = await readStrings(db, session, {
        accountId,
        objectTypeId: given.object_type_id ?? objectTypeId,
        name: given.name ?? name,
        strings,
      });
      const is = await showRule(db, await changeRule(db, session, { accountId, ruleId: before._id, ...read }), session);
      const attrs = Object.fromEntries(Object.entries(is).filter(([key, value]) => value !== was[key]));
      return { data: { attrs: { ...attrs, dlm: is.dlm, id: is.id } } };
    },
  }),
  writeCall({
    method: 'delete',
    path: '/Rule',
    tag,
    summary: 'Delete a rule',
    parameters: z.object({ id: decimalId }),
    answer: { id: '6' },
    handler: async ({ db }, { account, given }, session) => {
      const { _id: ruleId } = await getRuleNumbered(db, session, { accountId: account._id, number: given.id });
      await deleteRule(db, session, { accountId: account._id, ruleId });
      return { data: { id: String(given.id) } };
    },
  }),
  writeCall({
    method: 'delete',
    path: '/Rules',
    tag,
    summary: 'Delete the rules that the parameters choose',
    description: `All of them or none: at most ${DELETED_MAX} at a time. "ids", "condition", "search" or "performAll" must be given; all "ids" must exist.`,
    parameters: choiceParameters,
    answer: { count: '2' },
    handler: async ({ db }, { account, given }, session) => {
      const accountId = account._id;
      for (const number of new Set(given.ids)) await getRuleNumbered(db, session, { accountId, number });
      const resource = await openRules(db, accountId);
      const rules = await chooseRows(db, session, { resource, names: 'rules' }, given);
      for (const { _id: ruleId } of rules) await deleteRule(db, session, { accountId, ruleId });
      return { data: { count: String(rules.length) } };
    },
  }),
];

/** The rule with this decimal id. @throws AppError `rule.not-found` */
export async function getRuleNumbered(
  db: Database,
  session: Session,
  of: { accountId: AccountId; number: number },
): Promise<StoredRule> {
  const rule = await findByNumber<StoredRule>(db, RULES as never, of, session);
  if (!rule || rule.deletedAt) throw new AppError('rule.not-found');
  return rule;
}

async function openRules(db: Database, accountId: AccountId): Promise<Resource<StoredRule>> {
  return {
    objectId: 6,
    name: 'Rule',
    from: RULES,
    where: { accountId, deletedAt: null },
    columns: [
      { name: 'id', path: 'number', kind: 'number' },
      { name: 'name', path: 'settings.name', kind: 'text' },
      { name: 'object_type_id', path: 'settings.objectTypeId', kind: 'number' },
      { name: 'pause', path: 'isPaused', kind: 'boolean' },
      { name: 'date', path: 'createdAt', kind: 'date' },
      { name: 'dlm', path: 'updatedAt', kind: 'date' },
    ],
    fields: Object.keys(SHOWN).map((name) => ({ name, alias: name, type: 'text' })),
    listFields: ['name', 'events', 'conditions', 'actions', 'pause', 'last_action'],
    show: (rules) => Promise.all(rules.map((rule) => showRule(db, rule))),
  };
}
