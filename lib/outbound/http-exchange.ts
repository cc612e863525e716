import type { Dispatcher } from 'undici';
import { monotonicMs } from '../clock';
import { beginTimes, type ConnectionTimes, phasesOf } from './connection-times';
import type { Connection, Connections } from './connections';
import { type HttpFailure, type HttpTimings, toFailure } from './http-failure';
import type { HttpAnswer, HttpLimits, HttpRequest } from './http-message';
import { keepHeaders, readBody, toWire } from './read-answer';

/** One request and its answer, with the connection for them. */
export interface HttpExchange {
  /** Sees to it that the connection is open. @returns false when it cannot be opened: then `send` says why */
  connect(): Promise<boolean>;
  /** @throws HttpFailure */
  send(request: HttpRequest, limits: HttpLimits): Promise<HttpAnswer>;
  /** Lets go of the connection if nothing was sent. */
  end(): void;
}

/**
 * Begins an exchange with where `url` leads.
 *
 * @param timeoutMs bounds connecting; what it takes counts for the time limit of the request
 */
export function beginExchange(connections: Connections, url: string, timeoutMs: number): HttpExchange {
  let connection: Connection | null = null;
  let failure: HttpFailure | null = null;
  let times: ConnectionTimes = beginTimes();
  let connectedInMs = 0;
  const timingsSince = (startedMs: number, firstByteMs: number | null): HttpTimings => ({
    ...phasesOf(times),
    firstByteMs: firstByteMs === null ? null : connectedInMs + firstByteMs - startedMs,
    totalMs: connectedInMs + monotonicMs() - startedMs,
  });
  const connect = async (): Promise<boolean> => {
    if (failure) return false;
    if (connection?.isOpen()) return true;
    connection?.close();
    times = beginTimes();
    connectedInMs = 0;
    try {
      connection = await takeWithin(connections, { url, times, timeoutMs });
    } catch (error) {
      failure = toFailure(error, { timings: timingsSince(times.begunMs, null), isConnecting: true });
    }
    connectedInMs = monotonicMs() - times.begunMs;
    return failure === null;
  };
  const end = (): void => {
    if (connection) connections.giveBack(connection);
    connection = null;
  };
  return {
    connect,
    end,
    async send(request, limits) {
      await connect();
      if (failure || !connection) throw failure;
      const startedMs = monotonicMs();
      const { peer } = connection;
      try {
        const signal = AbortSignal.timeout(Math.max(1, Math.round(limits.timeoutMs - connectedInMs)));
        const response = await requestOn(connection, request, signal);
        const firstByteMs = monotonicMs();
        const body = await readBody(response.body, limits);
        const timings = timingsSince(startedMs, firstByteMs);
        return { status: response.statusCode, headers: keepHeaders(response.headers), ...body, peer, timings };
      } catch (error) {
        throw toFailure(error, { timings: timingsSince(startedMs, null), isConnecting: false });
      } finally {
        end();
      }
    },
  };
}

function requestOn(
  { client }: Connection,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const { pathname, search } = new URL(request.url);
  return client.request({
    path: `${pathname}${search}`,
    method: request.method as 'POST',
    headers: Object.entries(request.headers).flatMap(([name, value]) => [name, toWire(value)]),
    body: request.body,
    signal,
  });
}

/** A connection that comes too late is closed. */
function takeWithin(
  connections: Connections,
  { url, times, timeoutMs }: { url: string; times: ConnectionTimes; timeoutMs: number },
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const tooLate = (): void => reject(signal.reason);
    signal.addEventListener('abort', tooLate, { once: true });
    connections
      .take(url, times)
      .then((connection) => (signal.aborted ? connections.giveBack(connection) : resolve(connection)), reject)
      .finally(() => signal.removeEventListener('abort', tooLate));
  });
}
