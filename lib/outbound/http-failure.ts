import type { ConnectionPhases } from './connection-times';

/** What happened when no answer came. `invalid`: the request itself cannot be sent. */
export type HttpFailureCode = 'dns' | 'connect' | 'tls' | 'timeout' | 'blocked' | 'protocol' | 'invalid';

/** How long a request took, ms since its beginning except for the parts of the connection, which follow each other. */
export interface HttpTimings extends ConnectionPhases {
  /** Until the head of the answer was read; null when none came */
  firstByteMs: number | null;
  totalMs: number;
}

/** No status line came; `cause` holds the network's own error, `timings` how far it got. */
export class HttpFailure extends Error {
  readonly timings: HttpTimings;

  constructor(
    readonly code: HttpFailureCode,
    message: string,
    options: { cause?: unknown; timings: HttpTimings },
  ) {
    super(message, options);
    this.name = 'HttpFailure';
    this.timings = options.timings;
  }
}

const FAILURES: readonly [HttpFailureCode, RegExp][] = [
  ['blocked', /^ERR_ADDRESS_BLOCKED$/],
  ['timeout', /^(TimeoutError|UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/],
  ['dns', /^(ENOTFOUND|ENODATA|ESERVFAIL|EAI_\w+)$/],
  ['tls', /^(ERR_TLS|ERR_SSL|CERT|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)_|^EPROTO$/],
  ['connect', /^(ECONN|EHOST|ENET|EPIPE|EADDR|UND_ERR_SOCKET)/],
  // ERR_ASSERTION is what undici makes of a status below 100.
  ['protocol', /^(HPE_|HTTPParserError|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_|ERR_ASSERTION$)/],
  ['invalid', /^(UND_ERR_(INVALID_ARG|NOT_SUPPORTED|REQ_CONTENT_LENGTH_MISMATCH)|ERR_INVALID_|TypeError$)/],
];

/**
 * The failure that an error of the network or of undici means.
 *
 * @param far.isConnecting the request was still waiting for its connection: a time limit then means that nothing was sent
 * @throws never
 */
export function toFailure(error: unknown, far: { timings: HttpTimings; isConnecting: boolean }): HttpFailure {
  const { name, code, message } = error as { name?: string; code?: unknown; message?: string };
  const words = [String(code), name ?? ''];
  const found = FAILURES.find(([, pattern]) => words.some((word) => pattern.test(word)))?.[0] ?? 'connect';
  const isUnsent = found === 'timeout' && far.isConnecting;
  const cause = isUnsent ? Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }) : error;
  return new HttpFailure(found, message || String(code ?? error), { cause, timings: far.timings });
}
