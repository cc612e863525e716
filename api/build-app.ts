import express, { type ErrorRequestHandler } from 'express';
import { AppError, sentenceOf } from '../lib/errors';
import { makeHostGuard } from '../lib/outbound/host-guard';
import { openAuthenticator } from './authenticate';
import { serveCodec } from './codec';
import { serveDocs } from './docs';
import { serveForms } from './forms/serve-forms';
import { serveInbound } from './inbound';
import { serveInbox } from './inbox';
import type { OpenApiDocument } from './live-docs/open-api-document';
import { openLivePlaces } from './live-places';
import { logRequest } from './log-request';
import { serveOntraport } from './ontraport/serve-ontraport';
import { buildOpenApi } from './openapi';
import type { Api, ApiParts, AppLocals } from './parts';
import { toAppError, toProblemAnswer } from './problem';
import { ROUTES } from './routes';
import { secureHeaders } from './secure-headers';
import { serveRoute } from './serve-route';

export type { ApiParts } from './parts';

/** The whole HTTP door, without I/O of its own until the first request. */
export function buildApp(parts: ApiParts): express.Express {
  const stopping = new AbortController();
  let document: OpenApiDocument | undefined;
  const api: Api = {
    ...parts,
    authenticator: openAuthenticator(parts.db, parts.pepper),
    isHostBlocked: makeHostGuard(parts.allow),
    openApi: () => (document ??= buildOpenApi(parts.publicUrl)),
    stopping: stopping.signal,
    livePlaces: openLivePlaces(),
  };
  const app = express();
  Object.assign(app.locals, { stop: () => stopping.abort() } satisfies AppLocals);
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', parts.trustedProxies || false);
  app.set('query parser', 'simple');

  app.use(logRequest(api.logger));
  app.use(secureHeaders(api.publicUrl));
  for (const route of ROUTES) app[route.method](route.path, ...serveRoute(api, route));
  serveOntraport(app, api);
  serveInbound(app, api);
  serveInbox(app, api);
  serveForms(app, api);
  serveCodec(app, api);
  serveDocs(app, api);
  app.use(() => {
    throw new AppError('route.unknown');
  });
  app.use(answerProblem(api));
  return app;
}

const answerProblem =
  ({ logger }: Api): ErrorRequestHandler =>
  (thrown, req, res, next) => {
    if (res.headersSent) return next(thrown);
    const error = toAppError(thrown);
    const requestId = String(res.locals.requestId);
    res.locals.code = error.code;
    if (error.status >= 500)
      logger.error(
        {
          requestId,
          code: error.code,
          error: sentenceOf(error.cause ?? error),
          stack: (error.cause as Error | undefined)?.stack,
        },
        'request failed',
      );
    if (error.status === 503) res.set('retry-after', '1');
    if (!req.complete) res.set('connection', 'close');
    res
      .status(error.status)
      .set('cache-control', 'no-store')
      .type('application/problem+json')
      .send(JSON.stringify(toProblemAnswer(error, requestId)));
  };
