import { Agent, type Dispatcher, Pool, request as sendRequest } from 'undici';
import { monotonicMs } from '../clock';
import { makeAddressGuard } from './address-guard';
import { phasesOf } from './connection-times';
import { guardConnector, type Resolve } from './guarded-connector';
import { type HttpTimings, toFailure } from './http-failure';
import { newExchange, PeerClient } from './peer-client';

/** Above the requests a worker sends at once, so that no request waits inside the client behind a dead server's. */
const CONNECTIONS_PER_ORIGIN = 512;
/** An idle connection is closed after 4 s, or when the receiver's keep-alive header says, but never later than this. */
const KEEP_ALIVE_MS_MAX = 15_000;
const ANSWER_HEAD_BYTES_MAX = 256 * 1024;
const HEADERS_MAX = 64;
const HEADER_LENGTH_MAX = 1024;
/** Kept even when more than 64 headers come before them: decisions depend on them. */
const WANTED_HEADERS = ['retry-after', 'content-type', 'location'];

export interface HttpRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
}
export interface HttpLimits {
  /** From the call to the last byte of the body that is read */
  timeoutMs: number;
  responseBytesKept: number;
  /** Then the connection is closed */
  responseBytesRead: number;
}
export interface HttpAnswer {
  status: number;
  /** Lower-case names; at most 64, values cut to 1024 characters */
  headers: Record<string, string>;
  /** UTF-8; at most `responseBytesKept` bytes */
  body: string;
  /** There was more, or the body broke off */
  isTruncated: boolean;
  /** Address that answered */
  peer: string | null;
  timings: HttpTimings;
}
export interface HttpClient {
  send(request: HttpRequest, limits: HttpLimits): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/**
 * Opens the one way out: a pool of connections that reaches only allowed addresses. Open one for each process.
 *
 * `send` never follows redirects and resolves as soon as there is a status line, however the body ends: a body that
 * breaks off, is too long or too slow gives `isTruncated`. Header values outside ASCII are sent as UTF-8.
 *
 * @param options.allow   address ranges (CIDR) open to webhooks besides the public internet
 * @param options.resolve replaces the system's name look-up
 * @param options.trust   certificates (PEM) of authorities to believe besides those that Node brings
 * @returns `send` throws `HttpFailure` and nothing else
 * @throws Error when `allow` holds something that is no CIDR
 * @source docs/delivery.md D6 to D9
 */
export function openHttpClient(options: {
  allow: readonly string[];
  resolve?: Resolve;
  trust?: readonly string[];
}): HttpClient {
  const connect = guardConnector(makeAddressGuard(options.allow), options);
  const agent = new Agent({
    connections: CONNECTIONS_PER_ORIGIN,
    pipelining: 1,
    headersTimeout: 0, // the signal of each request bounds all of it, exactly
    bodyTimeout: 0,
    keepAliveMaxTimeout: KEEP_ALIVE_MS_MAX,
    maxHeaderSize: ANSWER_HEAD_BYTES_MAX,
    factory: (origin, poolOptions) =>
      new Pool(origin, {
        ...poolOptions,
        factory: (url, clientOptions) => new PeerClient(url, clientOptions, connect),
      }),
  });
  return {
    async send(request, limits) {
      const startedMs = monotonicMs();
      const exchange = newExchange();
      const timingsAt = (firstByteMs: number | null): HttpTimings => ({
        ...phasesOf(exchange.timesOf(), startedMs),
        firstByteMs,
        totalMs: monotonicMs() - startedMs,
      });
      try {
        const signal = AbortSignal.timeout(limits.timeoutMs);
        const answering = sendRequest(request.url, {
          dispatcher: agent,
          method: request.method as 'POST',
          headers: Object.entries(request.headers).flatMap(([name, value]) => [name, toWire(value)]),
          body: request.body,
          signal,
          opaque: exchange,
        });
        const response = await untilAborted(answering, signal);
        const firstByteMs = monotonicMs() - startedMs;
        const peer = exchange.peerOf();
        const headers = keepHeaders(response.headers);
        const body = await readBody(response.body, limits);
        return { status: response.statusCode, headers, ...body, peer, timings: timingsAt(firstByteMs) };
      } catch (error) {
        throw toFailure(error, { timings: timingsAt(null), isConnecting: exchange.timesOf()?.readyMs === null });
      }
    },
    close: () => agent.close(),
  };
}

/** Ends with the signal at once: undici itself holds an aborted request until its connection is there or has failed. */
function untilAborted<T>(answering: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    answering.then(resolve, reject);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Reads up to the limits; the answer counts from its status line on, so nothing that happens here is a failure. */
async function readBody(
  body: Dispatcher.ResponseData['body'],
  limits: HttpLimits,
): Promise<{ body: string; isTruncated: boolean }> {
  const kept: Buffer[] = [];
  let bytes = 0;
  let isTruncated = false;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (bytes < limits.responseBytesKept) kept.push(chunk.subarray(0, limits.responseBytesKept - bytes));
      bytes += chunk.length;
      if (bytes >= limits.responseBytesRead) break; // leaving the loop closes the connection
    }
  } catch {
    isTruncated = true;
  }
  isTruncated ||= bytes > limits.responseBytesKept || bytes >= limits.responseBytesRead;
  // As a stream, the decoder leaves out a character that was cut in half instead of inventing one.
  const text = new TextDecoder('utf-8').decode(Buffer.concat(kept), { stream: isTruncated });
  return { body: text, isTruncated };
}

function keepHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const names = Object.keys(headers);
  const wanted = names.filter((name) => WANTED_HEADERS.includes(name));
  const kept = [...new Set([...wanted, ...names])].slice(0, HEADERS_MAX);
  return Object.fromEntries(
    kept.map((name) => [name, [headers[name] ?? ''].flat().join(', ').slice(0, HEADER_LENGTH_MAX)]),
  );
}

/** Node sends one byte per character, so UTF-8 bytes are given to it as characters. */
const toWire = (value: string): string => Buffer.from(value, 'utf8').toString('latin1');
