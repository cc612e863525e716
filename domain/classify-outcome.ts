import type { OutcomeClass } from '../schemas/delivery';

const TRANSIENT = [408, 425, 429];
const CONFIG = [401, 403, 404, 405, 407, 409, 421, 423];
const REJECTED_5XX = [501, 505];

/**
 * Class of an answer, by its status line alone: whatever the body does, a 2xx is a success.
 *
 * @param status HTTP status. Rows the table lacks: other 4xx are `rejected`, everything else is `transient`
 * @throws never
 * @source docs/delivery.md D2, D3
 */
export function classifyStatus(status: number): OutcomeClass {
  if (status >= 200 && status < 300) return 'success';
  if (status >= 300 && status < 400) return 'redirect';
  if (status === 410) return 'gone';
  if (TRANSIENT.includes(status)) return 'transient';
  if (CONFIG.includes(status)) return 'config';
  if ((status >= 400 && status < 500) || REJECTED_5XX.includes(status)) return 'rejected';
  return 'transient';
}

interface Failure {
  class: OutcomeClass;
  sentence: string;
}

const MAYBE = 'the request may have been processed';
const SAYINGS: readonly { codes: RegExp; failure: Failure }[] = [
  // One sentence for every forbidden address: what is behind our network is nobody's business.
  { codes: /^blocked$|BLOCKED/, failure: { class: 'blocked', sentence: 'This address is not allowed.' } },
  {
    codes: /^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/,
    failure: { class: 'timeout', sentence: 'No connection came about in time; nothing was sent' },
  },
  {
    codes: /^(timeout|TimeoutError|AbortError|UND_ERR_(HEADERS|BODY)_TIMEOUT)$/,
    failure: { class: 'timeout', sentence: `No complete answer came in time; ${MAYBE}` },
  },
  {
    codes: /^(dns|ENOTFOUND|ENODATA|ESERVFAIL|EAI_\w+)$/,
    failure: { class: 'dns', sentence: 'The host name could not be resolved' },
  },
  {
    codes: /^tls$|^(CERT|ERR_TLS|ERR_SSL|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)_|^EPROTO$/,
    failure: { class: 'tls', sentence: 'No secure connection came about' },
  },
  {
    codes: /^(protocol|HPE_\w+|HTTPParserError|UND_ERR_HEADERS_OVERFLOW)$/,
    failure: { class: 'connect', sentence: `The answer was not valid HTTP; ${MAYBE}` },
  },
  {
    codes: /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/,
    failure: { class: 'connect', sentence: 'The server refused the connection or could not be reached' },
  },
  {
    codes: /^(connect|ECONNRESET|EPIPE|UND_ERR_SOCKET)$/,
    failure: { class: 'connect', sentence: `The connection was closed before an answer; ${MAYBE}` },
  },
  {
    codes: /^(invalid|ERR_INVALID_URL|UND_ERR_INVALID_ARG|UND_ERR_REQ_CONTENT_LENGTH_MISMATCH|UND_ERR_NOT_SUPPORTED)$/,
    failure: { class: 'invalid', sentence: 'The request cannot be sent as it is' },
  },
];
const CAUSES_MAX = 5;

/**
 * Class and sentence of an attempt that got no answer. The innermost cause that is known speaks; nothing known gives
 * class `unknown`.
 *
 * @param error an `HttpFailure`, whose code is the kind of failure, or any error of the network below it
 * @returns a sentence for people, with the technical code in brackets except for forbidden addresses
 * @throws never
 * @source docs/delivery.md D3
 */
export function classifyFailure(error: {
  code?: string | undefined;
  name?: string | undefined;
  message?: string | undefined;
  cause?: unknown;
}): Failure {
  let found: Failure | undefined;
  let link: unknown = error;
  for (let depth = 0; depth < CAUSES_MAX && typeof link === 'object' && link !== null; depth++) {
    const { code, name, cause } = link as { code?: unknown; name?: unknown; cause?: unknown };
    for (const word of [code, name]) {
      const said = SAYINGS.find((row) => typeof word === 'string' && row.codes.test(word))?.failure;
      if (said?.class === 'blocked') return said;
      if (said && (found === undefined || said.class === found.class))
        found = { class: said.class, sentence: word === said.class ? said.sentence : `${said.sentence} (${word})` };
    }
    link = cause;
  }
  if (!found)
    return {
      class: 'unknown',
      sentence: `The attempt broke off (${error.code ?? error.name ?? 'no code'}); ${MAYBE}.`,
    };
  return found.sentence.endsWith('.') ? found : { ...found, sentence: `${found.sentence}.` };
}
