import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { AppError, sentenceOf } from '../../lib/errors';
import { countCall } from '../../store/api-calls';
import { transaction } from '../../store/database';
import type { Caller } from '../authenticate';
import type { Api } from '../parts';
import { toAppError } from '../problem';
import { envelope, failure } from './envelope';
import { nextLink } from './next-link';
import { readGiven } from './read-given';
import type { OntraportRoute } from './route';
import { ONTRAPORT_ROUTES } from './routes';

const readText = express.text({ limit: '1mb', type: () => true });

/** Serves the API that speaks as Ontraport's does, under /1: its envelope, its rate limit, its parameters. */
export function serveOntraport(app: Express, api: Api): void {
  const router = express.Router();
  router.use(knowCaller(api), limitCalls(api), readText);
  // Upper and lower case tell /form from /Form, and are the same where that leaves no doubt.
  for (const caseSensitive of [true, false]) {
    const routes = express.Router({ caseSensitive });
    for (const route of ONTRAPORT_ROUTES) routes[route.method](route.path, serve(api, route));
    router.use(routes);
  }
  router.use(() => {
    throw new AppError('route.unknown');
  });
  router.use(answerFailure(api));
  app.use('/1', router);
}

const knowCaller =
  ({ authenticator }: Api): RequestHandler =>
  async (req, res, next) => {
    res.locals.caller = await authenticator.authenticate(req.get('api-key'), req.get('api-appid'));
    next();
  };

const limitCalls =
  ({ db, ontraportCallsPerMinute: limit }: Api): RequestHandler =>
  async (_req, res, next) => {
    const { key } = res.locals.caller as Caller;
    const { isGranted, remaining, resetSeconds } = await countCall(db, { keyId: key._id, limit });
    res.set({
      'x-rate-limit-limit': String(limit),
      'x-rate-limit-remaining': String(remaining),
      'x-rate-limit-reset': String(resetSeconds),
    });
    if (!isGranted) {
      res.set('retry-after', String(resetSeconds));
      throw new AppError('calls.too-many');
    }
    next();
  };

const serve =
  (api: Api, route: OntraportRoute): RequestHandler =>
  async (req, res) => {
    const caller = res.locals.caller as Caller;
    const given = readGiven(req);
    const answer = route.isAtomic
      ? await transaction(api.db, (session) => route.handle(api, caller, given, session))
      : await route.handle(api, caller, given, null);
    if (route.isAtomic) api.onEvents();
    const link = answer.nextStart === undefined ? null : nextLink(req, answer.nextStart);
    if (link) res.set('link', link);
    res.set('cache-control', 'no-store').type('application/json').send(envelope(answer, caller.account.number));
  };

const answerFailure =
  ({ logger }: Api): ErrorRequestHandler =>
  (thrown, req, res, next) => {
    if (res.headersSent) return next(thrown);
    const error = toAppError(thrown);
    const caller = res.locals.caller as Caller | undefined;
    const { status, text } = failure(error, caller?.account.number ?? null);
    const requestId = String(res.locals.requestId);
    res.locals.code = error.code;
    if (status >= 500)
      logger.error(
        { requestId, code: error.code, error: sentenceOf(error.cause ?? error), stack: (error.cause as Error)?.stack },
        'request failed',
      );
    if (error.status === 503) res.set('retry-after', '1');
    if (!req.complete) res.set('connection', 'close');
    res.status(status).set('cache-control', 'no-store').type('application/json').send(text);
  };
