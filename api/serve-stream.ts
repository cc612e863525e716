import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { sentenceOf } from '../lib/errors';
import type { Api } from './parts';
import { toAppError } from './problem';
import type { Call, Route } from './route';

/**
 * Answers piece by piece, as fast as the reader takes it. What fails before the first piece is answered as a problem;
 * what fails later cuts the connection, so that nobody takes a part for the whole.
 */
export async function serveStream(
  api: Api,
  streamed: NonNullable<Route['streamed']>,
  { call, req, res }: { call: Call; req: Request; res: Response },
): Promise<void> {
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  const signal = streamed.isEndless ? AbortSignal.any([gone.signal, api.stopping]) : gone.signal;
  const answer = await streamed.open(api, call, { signal, lastEventId: req.get('last-event-id') });
  try {
    const first = await answer.pieces.next();
    res.set({ 'cache-control': 'no-store', 'content-type': answer.contentType, ...answer.headers });
    // Kept open, the connection would hold up the end of the process.
    if (streamed.isEndless) res.set({ connection: 'close', 'x-accel-buffering': 'no' });
    if (req.method === 'HEAD') return void res.end();
    await pipeline(Readable.from(from(first, answer.pieces)), res);
  } catch (error) {
    if (!res.headersSent) throw error;
    if (gone.signal.aborted && !isOwnFault(error)) return;
    const { code } = toAppError(error);
    res.locals.code = code;
    api.logger.error({ requestId: res.locals.requestId, code, error: sentenceOf(error) }, 'stream broke off');
  } finally {
    await answer.pieces.return();
  }
}

async function* from(
  first: IteratorResult<string, void>,
  others: AsyncGenerator<string, void, void>,
): AsyncGenerator<string, void, void> {
  if (first.done) return;
  yield first.value;
  yield* others;
}

/** The reader going away is no fault of ours. */
const isOwnFault = (error: unknown): boolean =>
  !/^(ERR_STREAM_PREMATURE_CLOSE|ABORT_ERR|ECONNRESET|EPIPE)$/.test(String((error as { code?: unknown } | null)?.code));
