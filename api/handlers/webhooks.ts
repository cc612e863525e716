import { z } from 'zod';
import { AppError } from '../../lib/errors';
import { newSigning } from '../../lib/secrets/webhook-secrets';
import type { StoredAccount } from '../../schemas/account';
import { idSchema } from '../../schemas/ids';
import { pageOf, pageQuery } from '../../schemas/page';
import {
  createdWebhookSchema,
  secretRotation,
  type WebhookSettings,
  webhookSchema,
  webhookSettings,
} from '../../schemas/webhook';
import { getAccount } from '../../store/accounts';
import type { Session } from '../../store/database';
import { lockWebhookUse } from '../../store/locks';
import { isWebhookOnDraft } from '../../store/maps';
import { isWebhookOnRule } from '../../store/rules';
import { isWebhookOnVersion } from '../../store/versions';
import { rotateSigning } from '../../store/webhook-secrets';
import { deleteWebhook, getWebhook, insertWebhook, listWebhooks, saveWebhook } from '../../store/webhooks';
import { deletedSchema } from '../deleted';
import type { Api } from '../parts';
import { refuse } from '../problem';
import { readRoute, writeRoute } from '../route';
import { checkSettings } from './check-settings';
import { refuseOwned } from './refuse-owned';
import { sealSettings } from './seal-settings';
import { showWebhook } from './webhook-answer';
import { orderDropAll, orderNewTurns } from './webhook-status';

const common = { scope: 'key', tag: 'Webhooks' } as const;
const params = z.object({ webhookId: idSchema('webhook') });
const body = z.object({ settings: webhookSettings.strict() });
const example = {
  settings: {
    name: 'Send to CRM',
    url: 'https://example.com/crm',
    body: '{"name":"[First Name]","email":"[Email]"}',
    requestsPerMinute: 60,
  },
};

async function refuseBadSettings(
  api: Pick<Api, 'db' | 'isHostBlocked'>,
  session: Session,
  account: StoredAccount,
  settings: WebhookSettings,
): Promise<void> {
  const [problems = []] = await checkSettings(api, session, account, [settings]);
  refuse(problems, 'settings.');
}

/** Stored settings that maps send by. */
export const webhookRoutes = [
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/webhooks',
    summary: 'List webhooks',
    query: pageQuery,
    response: pageOf(webhookSchema),
    handler: async ({ db }, { account, query }) => {
      const { items, nextCursor } = await listWebhooks(db, account._id, query);
      return { items: items.map(showWebhook), nextCursor };
    },
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/webhooks',
    summary: 'Create a webhook',
    body,
    example,
    description:
      'The signing secret is in this answer only. Values of secret headers are sealed and never shown again.',
    status: 201,
    response: createdWebhookSchema,
    isSecret: true,
    handler: async (api, { account, body: { settings } }, session) => {
      const { db, keys } = api;
      const accountId = account._id;
      await refuseBadSettings(api, session, account, settings);
      const { secret, signing } = newSigning(keys, accountId);
      const sealed = sealSettings(keys, { accountId, settings, before: null });
      const webhook = await insertWebhook(db, session, { accountId, settings: sealed, signing });
      return { ...showWebhook(webhook), signingSecret: secret };
    },
  }),
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/webhooks/:webhookId',
    summary: 'Get a webhook',
    params,
    response: webhookSchema,
    handler: async ({ db }, { account, params }) =>
      showWebhook(await getWebhook(db, { accountId: account._id, ...params })),
  }),
  writeRoute({
    ...common,
    method: 'put',
    path: '/v1/webhooks/:webhookId',
    summary: 'Replace the settings of a webhook',
    description:
      'Attempts that begin from now on use them, those of deliveries under way included. With another limit, those who wait get new turns. A secret header without a value keeps the stored one.',
    params,
    body,
    example,
    response: webhookSchema,
    handler: async (api, { account, params, body: { settings } }, session) => {
      const { db, keys } = api;
      const of = { accountId: account._id, ...params };
      const before = await getWebhook(db, of, session);
      refuseOwned(before);
      await refuseBadSettings(api, session, account, settings);
      const sealed = sealSettings(keys, { accountId: of.accountId, settings, before });
      const webhook = await saveWebhook(db, session, { ...of, settings: sealed });
      const isLimitChanged = before.settings.requestsPerMinute !== settings.requestsPerMinute;
      if (isLimitChanged) await orderNewTurns(db, session, webhook);
      return showWebhook(webhook);
    },
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/webhooks/:webhookId/rotate-secret',
    summary: 'Make a new signing secret',
    description:
      'The secret is in this answer only. Until the overlap is over requests carry a signature of each, the new one first.',
    params,
    body: secretRotation,
    example: { overlapHours: 24 },
    response: createdWebhookSchema,
    isSecret: true,
    handler: async ({ db, keys }, { account, params, body: { overlapHours } }, session) => {
      const of = { accountId: account._id, ...params, keys, overlapMs: overlapHours * 3_600_000 };
      const { webhook, secret } = await rotateSigning(db, session, of);
      return { ...showWebhook(webhook), signingSecret: secret };
    },
  }),
  writeRoute({
    ...common,
    method: 'delete',
    path: '/v1/webhooks/:webhookId',
    summary: 'Delete a webhook that no map and no rule uses',
    description: 'Its deliveries stay in the webhook log; those that are not over are cancelled, by a job.',
    params,
    response: deletedSchema,
    handler: async ({ db }, { account, params: { webhookId } }, session) => {
      const accountId = account._id;
      await lockWebhookUse(db, session, accountId);
      const webhook = await getWebhook(db, { accountId, webhookId }, session);
      refuseOwned(webhook);
      const isUsed =
        (await isWebhookOnDraft(db, accountId, webhookId)) ||
        (await isWebhookOnVersion(db, accountId, webhookId)) ||
        (await isWebhookOnRule(db, session, { accountId, webhookId })) ||
        (await getAccount(db, accountId, session)).settings.smsWebhookId === webhookId;
      if (isUsed) throw new AppError('webhook.in-use');
      await deleteWebhook(db, session, { accountId, webhookId });
      await orderDropAll(db, session, { accountId, webhookId, named: `webhook ${webhook.settings.name}` });
      return { id: webhookId, isDeleted: true as const };
    },
  }),
];
