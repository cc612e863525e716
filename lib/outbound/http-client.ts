import { Agent, type buildConnector, Client, type Dispatcher, Pool, request as sendRequest } from 'undici';
import { monotonicMs } from '../clock';
import { makeAddressGuard } from './address-guard';
import { guardConnector, type Resolve } from './guarded-connector';

/** Above the requests a worker sends at once, so that no request waits inside the client behind a dead server's. */
const CONNECTIONS_PER_ORIGIN = 512;
const ANSWER_HEAD_BYTES_MAX = 256 * 1024;
const HEADERS_MAX = 64;
const HEADER_LENGTH_MAX = 1024;
/** Kept even when more than 64 headers come before them: decisions depend on them. */
const WANTED_HEADERS = ['retry-after', 'content-type', 'location'];

/** What happened when no answer came. `invalid`: the request itself cannot be sent. */
export type HttpFailureCode = 'dns' | 'connect' | 'tls' | 'timeout' | 'blocked' | 'protocol' | 'invalid';

/** No status line came; `cause` holds the network's own error. */
export class HttpFailure extends Error {
  constructor(
    readonly code: HttpFailureCode,
    message: string,
    options: { cause?: unknown } = {},
  ) {
    super(message, options);
    this.name = 'HttpFailure';
  }
}

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
  timings: { totalMs: number; firstByteMs: number };
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
 * @returns `send` throws `HttpFailure` and nothing else
 * @throws Error when `allow` holds something that is no CIDR
 * @source docs/delivery.md D6 to D9
 */
export function openHttpClient(options: { allow: readonly string[]; resolve?: Resolve }): HttpClient {
  const connect = guardConnector(makeAddressGuard(options.allow), options.resolve);
  const agent = new Agent({
    connections: CONNECTIONS_PER_ORIGIN,
    pipelining: 1,
    headersTimeout: 0, // the signal of each request bounds all of it, exactly
    bodyTimeout: 0,
    maxHeaderSize: ANSWER_HEAD_BYTES_MAX,
    factory: (origin, poolOptions) =>
      new Pool(origin, {
        ...poolOptions,
        factory: (url, clientOptions) => new PeerClient(url, clientOptions, connect),
      }),
  });
  return {
    async send(request, limits) {
      const startedAt = monotonicMs();
      const exchange: Exchange = { peerOf: () => null };
      try {
        const response = await sendRequest(request.url, {
          dispatcher: agent,
          method: request.method as 'POST',
          headers: Object.entries(request.headers).flatMap(([name, value]) => [name, toWire(value)]),
          body: request.body,
          signal: AbortSignal.timeout(limits.timeoutMs),
          opaque: exchange,
        });
        const firstByteMs = monotonicMs() - startedAt;
        const peer = exchange.peerOf();
        const body = await readBody(response.body, limits);
        const timings = { totalMs: monotonicMs() - startedAt, firstByteMs };
        return { status: response.statusCode, headers: keepHeaders(response.headers), ...body, peer, timings };
      } catch (error) {
        throw toFailure(error);
      }
    },
    close: () => agent.close(),
  };
}

/** Travels with a request, so that the connection that takes it can say whom it reached. */
interface Exchange {
  peerOf: () => string | null;
}

/** One connection that remembers its peer. */
class PeerClient extends Client {
  private readonly reached: { peer: string | null };

  constructor(url: URL, options: object, connect: buildConnector.connector) {
    const reached: { peer: string | null } = { peer: null };
    super(url, {
      ...options,
      connect: (target, done) =>
        connect(target, (...[error, socket]) => {
          if (error) return done(error, null);
          reached.peer = socket.remoteAddress ?? null;
          done(null, socket);
        }),
    });
    this.reached = reached;
  }

  override dispatch(
    options: Dispatcher.DispatchOptions & { opaque?: unknown },
    handler: Parameters<Client['dispatch']>[1],
  ) {
    if (options.opaque) (options.opaque as Exchange).peerOf = () => this.reached.peer;
    return super.dispatch(options, handler);
  }
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

const FAILURES: readonly [HttpFailureCode, RegExp][] = [
  ['blocked', /^ERR_ADDRESS_BLOCKED$/],
  ['timeout', /^(TimeoutError|UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/],
  ['dns', /^(ENOTFOUND|ENODATA|ESERVFAIL|EAI_\w+)$/],
  ['tls', /^(ERR_TLS|ERR_SSL|CERT|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)_|^EPROTO$/],
  ['connect', /^(ECONN|EHOST|ENET|EPIPE|EADDR|UND_ERR_SOCKET)/],
  ['protocol', /^(HPE_|HTTPParserError|UND_ERR_HEADERS_OVERFLOW)/],
  ['invalid', /^(UND_ERR_(INVALID_ARG|NOT_SUPPORTED|REQ_CONTENT_LENGTH_MISMATCH)|ERR_INVALID_|TypeError$)/],
];

function toFailure(error: unknown): HttpFailure {
  const { name, code, message } = error as { name?: string; code?: unknown; message?: string };
  const words = [String(code), name ?? ''];
  const found = FAILURES.find(([, pattern]) => words.some((word) => pattern.test(word)));
  return new HttpFailure(found?.[0] ?? 'connect', message || String(code ?? error), { cause: error });
}
