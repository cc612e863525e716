import express, { type Request, type RequestHandler } from 'express';
import { AppError } from '../lib/errors';
import { checkStorable } from './check-storable';
import { answerOnce, repeatableOf } from './idempotency';
import type { Api } from './parts';
import { parseGiven, refuse } from './problem';
import type { Call, Route } from './route';
import { serveStream } from './serve-stream';

const readJson = express.json({ limit: '1mb', type: 'application/json' });

/** The steps by which Express serves one row of the table: who calls, what is given, the handler, the answer. */
export function serveRoute(api: Api, route: Route): RequestHandler[] {
  const authenticate: RequestHandler = async (req, res, next) => {
    res.locals.caller = await api.authenticator.authenticate(req.get('api-key'), req.get('api-appid'));
    next();
  };
  const refuseOtherTypes: RequestHandler = (req, _res, next) => {
    const isEmpty = req.get('content-length') === '0';
    if (!isEmpty && req.is('application/json') === false) throw new AppError('request.unsupported-type');
    next();
  };
  const serve: RequestHandler = async (req, res) => {
    const call: Call = { ...res.locals.caller, ...parseRequest(route, req) };
    if (route.streamed) return serveStream(api, route.streamed, { call, req, res });
    const { method, originalUrl: url, body } = req;
    const of =
      route.scope === 'key'
        ? repeatableOf({ header: req.get('idempotency-key'), method, url, body, pepper: api.pepper }, call.account._id)
        : null;
    const answer = await answerOnce(api, route, call, of);
    if (answer.isReplay) res.set('idempotency-replayed', 'true');
    else {
      route.afterCommit?.(api, call);
      if (route.writesEvents) api.onEvents();
    }
    res.status(answer.status).set('cache-control', 'no-store').type('application/json').send(answer.text);
  };
  return [...(route.scope === 'key' ? [authenticate] : []), ...(route.body ? [refuseOtherTypes, readJson] : []), serve];
}

function parseRequest(route: Route, req: Request): Pick<Call, 'params' | 'query' | 'body'> {
  const body: unknown = route.body ? (req.body ?? {}) : undefined;
  refuse(checkStorable(body));
  refuse(checkStorable(req.query));
  refuse(checkStorable(req.params));
  return {
    params: route.params && parseGiven(route.params, req.params),
    query: route.query && parseGiven(route.query, req.query),
    body: route.body && parseGiven(route.body, body),
  };
}
