import { fillPlaceholders } from './parse-template';

const URL_LENGTH_MAX = 2048;
const HOST_LENGTH_MAX = 253;

/** What may be saved and sent by an account on this installation. */
export interface UrlRules {
  allowHttp: boolean;
  /** Refuses hosts that can never be reached; left out where the connection itself is guarded */
  isHostBlocked?: (hostname: string) => boolean;
}

/** One sentence for every forbidden address and name: what is behind our network is nobody's business. */
export const ADDRESS_REFUSED = 'This address is not allowed; use one on the public internet.';

/**
 * What is wrong with the address of a webhook. Where a name leads is checked when it is sent.
 *
 * @param url with merge fields filled in, or placeholders for them
 * @returns a sentence for people, or null when the address may be used
 * @throws never
 * @source docs/delivery.md D9
 */
export function checkUrl(url: string, rules: UrlRules): string | null {
  if (url.length > URL_LENGTH_MAX)
    return `The URL has ${url.length} characters; at most ${URL_LENGTH_MAX} are allowed.`;
  const parsed = parseUrl(url);
  if (!parsed) return 'This is not a URL; write one such as https://example.com/hook.';
  if (parsed.protocol === 'http:' && !rules.allowHttp)
    return 'The URL must start with https://; the account does not allow http.';
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return 'The URL must start with https://.';
  if (parsed.username || parsed.password)
    return 'The URL must not hold a user name or password; use an Authorization header.';
  const port = Number(parsed.port || 443);
  if (port !== 80 && port !== 443 && port < 1024) return `Port ${port} is not allowed; use 80, 443, or 1024 and above.`;
  if (parsed.hostname.length > HOST_LENGTH_MAX)
    return `The host name has ${parsed.hostname.length} characters; at most ${HOST_LENGTH_MAX} are allowed.`;
  if (rules.isHostBlocked?.(parsed.hostname)) return ADDRESS_REFUSED;
  return null;
}

/** The parsed URL; null when it is none. The one parser for saving, rendering and sending. @throws never */
export function parseUrl(url: string, base?: string): URL | null {
  try {
    return new URL(url, base);
  } catch {
    return null;
  }
}

/**
 * True when no merge field stands before the path, where it could lead the request to another server.
 *
 * @param url template; one that is no URL counts as fixed, since `checkUrl` refuses it
 * @throws never
 */
export function isHostFixed(url: string, isField: (label: string) => boolean): boolean {
  const [one, other] = ['x', 'y'].map((standIn) => parseUrl(fillPlaceholders(url, isField, { standIn })));
  if (!one || !other) return true;
  return authorityOf(one) === authorityOf(other);
}

const authorityOf = (url: URL): string => `${url.protocol}//${url.username}:${url.password}@${url.host}`;
