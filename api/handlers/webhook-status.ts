import { z } from 'zod';
import { AppError } from '../../lib/errors';
import type { AccountId, WebhookId } from '../../schemas/ids';
import { idSchema } from '../../schemas/ids';
import { type StoredWebhook, webhookSchema } from '../../schemas/webhook';
import { webhookQueueSchema } from '../../schemas/webhook-queue';
import type { Database, Session } from '../../store/database';
import { insertJob } from '../../store/jobs';
import { countOpen, countWaiting } from '../../store/waiting-deliveries';
import { setWebhookStatus } from '../../store/webhook-status';
import { getWebhook } from '../../store/webhooks';
import { readRoute, writeRoute } from '../route';
import { showWebhook } from './webhook-answer';
import { describeWebhookQueue } from './webhook-queue';

const common = { scope: 'key', tag: 'Webhooks' } as const;
const params = z.object({ webhookId: idSchema('webhook') });
const reason = z.string().trim().min(1).max(300);

/** Gives those who wait for a webhook new turns, as a job; does nothing when nobody waits. */
export async function orderNewTurns(db: Database, session: Session, webhook: StoredWebhook): Promise<void> {
  const { _id: webhookId, accountId, settings } = webhook;
  const total = await countWaiting(db, session, webhookId);
  if (total === 0) return;
  const title = `New turns for ${settings.name}`;
  await insertJob(db, session, { accountId, kind: 'new-turns', title, webhookId, filter: null, total });
}

/** Cancels what is not over of a webhook that was deleted, as a job; does nothing when all is over. */
export async function orderDropAll(
  db: Database,
  session: Session,
  of: { accountId: AccountId; webhookId: WebhookId; named: string },
): Promise<void> {
  const { accountId, webhookId, named } = of;
  const total = await countOpen(db, session, webhookId);
  if (total === 0) return;
  const title = `Cancel what waits for the deleted ${named}`;
  await insertJob(db, session, { accountId, kind: 'drop-all', title, webhookId, filter: null, total });
}

/** @throws AppError `webhook.held` */
export async function refuseHeld(
  db: Database,
  session: Session | undefined,
  of: { accountId: AccountId; webhookId: WebhookId },
): Promise<void> {
  const webhook = await getWebhook(db, of, session);
  if ((webhook.status ?? 'active') !== 'active') throw new AppError('webhook.held');
}

/** Holding a webhook back, and letting it go again. */
export const webhookStatusRoutes = [
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/webhooks/:webhookId/queue',
    summary: 'Ask what waits before a webhook, and how fast it goes',
    params,
    response: webhookQueueSchema,
    handler: async ({ db }, { account, params }) =>
      describeWebhookQueue(db, await getWebhook(db, { accountId: account._id, ...params })),
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/webhooks/:webhookId/pause',
    summary: 'Hold all deliveries of a webhook back',
    description: 'None of them loses an attempt. Requests that are on their way are finished.',
    params,
    body: z.object({ reason: reason.default('Paused by hand.') }),
    example: { reason: 'The CRM moves to another server.' },
    response: webhookSchema,
    handler: async ({ db }, { account, params, body }, session) => {
      const of = { accountId: account._id, ...params };
      await getWebhook(db, of, session);
      await setWebhookStatus(db, session, { ...of, status: 'paused', reason: body.reason });
      return showWebhook(await getWebhook(db, of, session));
    },
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/webhooks/:webhookId/resume',
    summary: 'Let a paused or disabled webhook go on',
    description:
      'What waited is sent in order at the limit, or dropped with "waiting": "drop", what waits for its next attempt too: then the webhook is active again when all of it is cancelled.',
    params,
    body: z.object({ waiting: z.enum(['send', 'drop']).default('send') }),
    example: { waiting: 'send' },
    response: webhookSchema,
    handler: async ({ db }, { account, params, body }, session) => {
      const of = { accountId: account._id, ...params };
      const webhook = await getWebhook(db, of, session);
      if (body.waiting === 'drop') {
        const total = await countOpen(db, session, webhook._id);
        const title = `Drop what waits for ${webhook.settings.name}`;
        const { accountId, webhookId } = of;
        await insertJob(db, session, { accountId, kind: 'drop-waiting', title, webhookId, filter: null, total });
        return showWebhook(webhook);
      }
      const isChanged = await setWebhookStatus(db, session, { ...of, status: 'active', reason: 'Resumed by hand.' });
      if (isChanged) await orderNewTurns(db, session, webhook);
      return showWebhook(await getWebhook(db, of, session));
    },
  }),
];
