import express, { type Express, type Request } from 'express';
import { monotonicMs, now } from '../lib/clock';
import { AppError } from '../lib/errors';
import { openText } from '../lib/secrets/seal';
import { checkHmac, checkStandardSignature } from '../lib/secrets/verify-signature';
import type { StoredInbound } from '../schemas/inbound';
import { findInboundByToken } from '../store/inbounds';
import { type Message, receiveMessage } from './handlers/receive-message';
import type { Api } from './parts';
import { openRateWindow } from './rate-window';

const readBody = express.raw({ type: () => true, limit: '256kb' });
/** Messages that one source may bring in a minute, in each process of the API. */
const MESSAGES_MAX = 600;

/** The public door of inbound webhooks: whoever knows a source's URL, and its secret where it has one, may post there. */
export function serveInbound(app: Express, api: Api): void {
  const rate = openRateWindow({ max: MESSAGES_MAX, windowMs: 60_000 });
  app.post('/inbound/:token', async (req, res, next) => {
    const inbound = await findInboundByToken(api.db, String(req.params.token));
    if (!inbound) throw new AppError('inbound.not-found');
    const waitSeconds = rate.take(inbound._id, monotonicMs());
    if (waitSeconds > 0) {
      res.set('retry-after', String(waitSeconds));
      throw new AppError('inbound.too-many');
    }
    res.locals.inbound = inbound;
    next();
  });
  app.post('/inbound/:token', readBody, async (req, res) => {
    const inbound = res.locals.inbound as StoredInbound;
    const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    checkSignature(api, inbound, { body, headerOf: (name) => req.get(name) });
    const answer = await receiveMessage(api, inbound, parseMessage(req, body));
    if (!answer.isDuplicate) api.onEvents();
    res.set('cache-control', 'no-store').json(answer);
  });
}

/** @throws AppError `inbound.unsigned` */
function checkSignature(
  { keys }: Api,
  { accountId, settings: { signature }, sealedSecret }: StoredInbound,
  message: { body: Buffer; headerOf: (name: string) => string | undefined },
): void {
  if (signature.kind === 'none') return;
  const secret = openText(keys, sealedSecret ?? '', { accountId, purpose: 'inbound.secret' });
  const problem =
    signature.kind === 'hmac-sha256'
      ? checkHmac(message, { header: signature.header, secret })
      : checkStandardSignature(message, secret, Math.floor(now().getTime() / 1000));
  if (problem) throw new AppError('inbound.unsigned', { detail: problem });
}

/** @throws AppError `request.malformed`, `request.unsupported-type` */
function parseMessage(req: Request, body: Buffer): Message {
  const text = body.toString('utf8');
  const headerOf = (name: string): string | undefined => req.get(name);
  if (req.is('application/x-www-form-urlencoded')) return { text, headerOf, value: parseForm(text) };
  if (!req.is(['application/json', '+json']))
    throw new AppError('request.unsupported-type', {
      detail: 'A form (application/x-www-form-urlencoded) is taken too.',
    });
  try {
    return { text, headerOf, value: JSON.parse(text) as unknown };
  } catch (error) {
    throw new AppError('request.malformed', {}, { cause: error });
  }
}

/** Names and texts; of a name that is there several times, a list. */
function parseForm(text: string): Record<string, string | string[]> {
  const form = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const known = form.get(name);
    form.set(name, known === undefined ? value : [known, value].flat());
  }
  return Object.fromEntries(form);
}
