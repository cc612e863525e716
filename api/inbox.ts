import express, { type Express, type Request } from 'express';
import { now } from '../lib/clock';
import { AppError } from '../lib/errors';
import { newId } from '../lib/ids';
import { isSecretName, isSecretRow } from '../schemas/header-row';
import type { AccountId, DeliveryId } from '../schemas/ids';
import { findAccountByInboxToken } from '../store/accounts';
import type { Database } from '../store/database';
import { findDelivery } from '../store/deliveries';
import { appendInboxMessage } from '../store/inbox';
import { findWebhook } from '../store/webhooks';
import type { Api } from './parts';

const KEPT_MS = 7 * 24 * 3600 * 1000;
const readBody = express.raw({ type: () => true, limit: '256kb' });

/** The built-in receiver: keeps whatever is sent to an account's inbox, so that webhooks can be tried without a server. */
export function serveInbox(app: Express, { db }: Api): void {
  app.all('/inbox/:token{/*path}', async (req, res, next) => {
    const account = await findAccountByInboxToken(db, String(req.params.token));
    if (!account) throw new AppError('inbox.not-found');
    res.locals.inbox = { accountId: account._id, token: account.inboxToken };
    next();
  });
  app.all('/inbox/:token{/*path}', readBody, async (req, res) => {
    const at = now();
    const inbox = res.locals.inbox as { accountId: AccountId; token: string };
    const secretNames = await findSecretNames(db, inbox.accountId, req.get('webhook-id'));
    await appendInboxMessage(db, {
      ...inbox,
      _id: newId('inboxMessage'),
      method: req.method,
      path: req.originalUrl.replace(/^\/inbox\/[^/?]*/i, ''),
      headers: headersOf(req, secretNames),
      body: Buffer.isBuffer(req.body) ? req.body.toString('utf8') : '',
      at,
      expireAt: new Date(at.getTime() + KEPT_MS),
    });
    res.json({ received: true });
  });
}

/** Names of the headers that are secret to the webhook which sent this, in lower case. */
async function findSecretNames(db: Database, accountId: AccountId, deliveryId?: string): Promise<Set<string>> {
  const delivery = deliveryId === undefined ? null : await findDelivery(db, deliveryId as DeliveryId);
  if (delivery?.accountId !== accountId) return new Set();
  const webhook = await findWebhook(db, { accountId, webhookId: delivery.webhookId });
  return new Set(webhook?.settings.headers.filter(isSecretRow).map(({ name }) => name.toLowerCase()));
}

/** Several headers of one name are joined, secret ones masked; names that MongoDB takes for operators are left out. */
const headersOf = (req: Request, secretNames: ReadonlySet<string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(req.headers)
      .filter(([name, value]) => value !== undefined && !name.startsWith('$') && name !== '__proto__')
      .map(([name, value]) => [name, isSecretName(name) || secretNames.has(name) ? '•••' : [value].flat().join(', ')]),
  );
