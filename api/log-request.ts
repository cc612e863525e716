import type { RequestHandler } from 'express';
import { monotonicMs } from '../lib/clock';
import { newId } from '../lib/ids';
import type { Logger } from '../lib/logger';
import type { Caller } from './authenticate';

/** Gives each request an id and writes one line when it is answered: ids and numbers, never bodies or addresses. */
export const logRequest =
  (logger: Logger): RequestHandler =>
  (req, res, next) => {
    const beganMs = monotonicMs();
    const requestId = newId('request');
    res.locals.requestId = requestId;
    res.set('x-request-id', requestId);
    res.once('close', () => {
      const caller = res.locals.caller as Caller | undefined;
      const line = {
        requestId,
        method: req.method,
        path: (req.route as { path?: string } | undefined)?.path ?? null,
        status: res.writableFinished ? res.statusCode : 499,
        ms: Math.round(monotonicMs() - beganMs),
        accountId: caller?.account._id ?? null,
        code: (res.locals.code as string | undefined) ?? null,
      };
      logger.info(line, 'request');
    });
    next();
  };
