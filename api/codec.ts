import { temporal } from '@temporalio/proto';
import express, { type Express, type RequestHandler } from 'express';
import { AppError } from '../lib/errors';
import { isSameText } from '../lib/ids';
import { buildPayloadCodec } from '../lib/secrets/payload-codec';
import type { Api } from './parts';

const { Payloads } = temporal.api.common.v1;
/** A page of history in the Web UI comes as one request */
const readJson = express.json({ limit: '16mb', type: 'application/json' });

/**
 * Decodes payloads for Temporal's Web UI and command line, in Temporal's remote codec protocol. `/codec/decode` takes
 * `Authorization: Bearer <token>`; `/codec/<token>/decode` is for the Web UI, which cannot send one. Without the setting
 * CODEC_TOKEN neither is there.
 *
 * @source https://docs.temporal.io/codec-server, docs/operations.md
 */
export function serveCodec(app: Express, { keys, codecToken, engine }: Api): void {
  if (codecToken === null) return;
  const codec = buildPayloadCodec(keys);
  const origins = originsOf(engine.uiUrl);

  const allowOrigin: RequestHandler = (req, res, next) => {
    const origin = req.get('origin');
    res.vary('origin');
    if (origin !== undefined && origins.includes(origin)) {
      res.set('access-control-allow-origin', origin);
      res.set('access-control-allow-methods', 'POST');
      res.set('access-control-allow-headers', 'content-type,x-namespace,authorization');
      res.set('access-control-max-age', '600');
    }
    if (req.method === 'OPTIONS') res.status(204).end();
    else next();
  };
  const requireBearer: RequestHandler = (req, _res, next) => {
    const [, given = ''] = /^Bearer (\S+)$/i.exec(req.get('authorization') ?? '') ?? [];
    if (!isSameText(given, codecToken)) throw new AppError('codec.unauthorized');
    next();
  };
  const requirePath: RequestHandler = (req, _res, next) => {
    if (!isSameText(String(req.params.token), codecToken)) throw new AppError('route.unknown');
    next();
  };
  const decode: RequestHandler = async (req, res) => {
    const payloads = readPayloads(req.body);
    // One that cannot be opened stays as it is, so that the others are shown.
    const decoded = payloads.map((payload) =>
      codec.decode([payload]).then(
        ([plain]) => plain ?? payload,
        () => payload,
      ),
    );
    const answer = Payloads.create({ payloads: await Promise.all(decoded) }).toJSON();
    res.set('cache-control', 'no-store').json(answer);
  };
  for (const path of ['/codec/decode', '/codec/:token/decode']) app.options(path, allowOrigin);
  app.post('/codec/decode', allowOrigin, requireBearer, readJson, decode);
  app.post('/codec/:token/decode', allowOrigin, requirePath, readJson, decode);
}

/** @throws AppError `request.invalid` */
function readPayloads(body: unknown): temporal.api.common.v1.IPayload[] {
  try {
    return Payloads.fromObject((body ?? {}) as object).payloads;
  } catch (error) {
    const problems = [{ path: 'payloads', message: 'must be a list of payloads in the JSON of Temporal' }];
    throw new AppError('request.invalid', { problems }, { cause: error });
  }
}

/** Where the Web UI may be opened: at its address, and where that is this machine, under both of its names. */
function originsOf(uiUrl: string | undefined): string[] {
  if (uiUrl === undefined) return [];
  const url = new URL(uiUrl);
  const names = ['127.0.0.1', 'localhost'];
  const hosts = names.includes(url.hostname) ? names : [url.hostname];
  return hosts.map((host) => `${url.protocol}//${host}${url.port === '' ? '' : `:${url.port}`}`);
}
