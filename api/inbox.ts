import express, { type Express, type Request } from 'express';
import { now } from '../lib/clock';
import { AppError } from '../lib/errors';
import { newId } from '../lib/ids';
import type { AccountId } from '../schemas/ids';
import { findAccountByInboxToken } from '../store/accounts';
import { appendInboxMessage } from '../store/inbox';
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
    await appendInboxMessage(db, {
      ...(res.locals.inbox as { accountId: AccountId; token: string }),
      _id: newId('inboxMessage'),
      method: req.method,
      path: req.originalUrl.replace(/^\/inbox\/[^/?]*/i, ''),
      headers: headersOf(req),
      body: Buffer.isBuffer(req.body) ? req.body.toString('utf8') : '',
      at,
      expireAt: new Date(at.getTime() + KEPT_MS),
    });
    res.json({ received: true });
  });
}

/** Several headers of one name are joined; names that MongoDB takes for operators are left out. */
const headersOf = (req: Request): Record<string, string> =>
  Object.fromEntries(
    Object.entries(req.headers)
      .filter(([name, value]) => value !== undefined && !name.startsWith('$') && name !== '__proto__')
      .map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  );
