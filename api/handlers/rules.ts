import { z } from 'zod';
import { idSchema } from '../../schemas/ids';
import { pageOf } from '../../schemas/page';
import {
  changedRule,
  evaluationListQuery,
  evaluationSchema,
  newRule,
  ruleListQuery,
  ruleSchema,
} from '../../schemas/rule';
import { listEvaluations } from '../../store/evaluations';
import { deleteRule, getRule, listRules } from '../../store/rules';
import { deletedSchema } from '../deleted';
import { readRoute, writeRoute } from '../route';
import { showEvaluation, showRule } from './rule-answer';
import { changeRule, createRule, pauseRule } from './save-rule';

const common = { scope: 'key', tag: 'Rules' } as const;
const params = z.object({ ruleId: idSchema('rule') });
const example = {
  settings: {
    name: 'Welcome task',
    events: [{ type: 'record.created' as const }],
    condition: { kind: 'field' as const, fieldId: 'state', op: 'equals' as const, value: 'CA' },
    actions: [{ kind: 'assign-task' as const, subject: 'Call the new contact', dueInDays: 1 }],
  },
};

/** When these events, if this condition, do these actions. */
export const ruleRoutes = [
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/rules',
    summary: 'List rules',
    query: ruleListQuery,
    response: pageOf(ruleSchema),
    handler: async ({ db }, { account, query }) => {
      const { objectTypeId, formId, ...page } = query;
      const { items, nextCursor } = await listRules(db, { accountId: account._id, objectTypeId, formId }, page);
      return { items: await Promise.all(items.map((rule) => showRule(db, rule))), nextCursor };
    },
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/rules',
    summary: 'Create a rule',
    description:
      'It acts on events from now on, while the account\'s feature is on: "globalRules", or "formRules" with a form.',
    body: newRule,
    example,
    status: 201,
    response: ruleSchema,
    handler: async ({ db }, { account, body: { settings, formId = null } }, session) =>
      showRule(db, await createRule(db, session, { accountId: account._id, settings, formId })),
  }),
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/rules/:ruleId',
    summary: 'Get a rule',
    params,
    response: ruleSchema,
    handler: async ({ db }, { account, params }) =>
      showRule(db, await getRule(db, { accountId: account._id, ...params })),
  }),
  writeRoute({
    ...common,
    method: 'put',
    path: '/v1/rules/:ruleId',
    summary: 'Replace the settings of a rule',
    params,
    body: changedRule,
    example,
    response: ruleSchema,
    handler: async ({ db }, { account, params, body: { settings } }, session) =>
      showRule(db, await changeRule(db, session, { accountId: account._id, ...params, settings })),
  }),
  writeRoute({
    ...common,
    method: 'delete',
    path: '/v1/rules/:ruleId',
    summary: 'Delete a rule',
    params,
    response: deletedSchema,
    handler: async ({ db }, { account, params: { ruleId } }, session) => {
      await deleteRule(db, session, { accountId: account._id, ruleId });
      return { id: ruleId, isDeleted: true as const };
    },
  }),
  ...(['pause', 'resume'] as const).map((command) =>
    writeRoute({
      ...common,
      method: 'post',
      path: `/v1/rules/:ruleId/${command}`,
      summary: command === 'pause' ? 'Pause a rule' : 'Have a paused rule act again',
      description: command === 'pause' ? 'Events that come meanwhile are not looked at later.' : '',
      params,
      response: ruleSchema,
      handler: async ({ db }, { account, params }, session) =>
        showRule(
          db,
          await pauseRule(db, session, { accountId: account._id, ...params, isPaused: command === 'pause' }),
        ),
    }),
  ),
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/rules/:ruleId/evaluations',
    summary: 'List what a rule made of events, and why not',
    description: 'Newest first; kept for 30 days.',
    params,
    query: evaluationListQuery,
    response: pageOf(evaluationSchema),
    handler: async ({ db }, { account, params, query }) => {
      const { recordId, ...page } = query;
      const of = { accountId: account._id, ...params };
      await getRule(db, of);
      const { items, nextCursor } = await listEvaluations(db, { ...of, recordId }, page);
      return { items: items.map(showEvaluation), nextCursor };
    },
  }),
];
