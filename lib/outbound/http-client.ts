import { makeAddressGuard } from './address-guard';
import { openConnections } from './connections';
import { guardConnector, type Resolve } from './guarded-connector';
import { beginExchange, type HttpExchange } from './http-exchange';
import type { HttpAnswer, HttpLimits, HttpRequest } from './http-message';

export interface HttpClient {
  /** For a request whose connection is opened before it may be sent. @param timeoutMs bounds connecting */
  open(url: string, timeoutMs: number): HttpExchange;
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
  const connections = openConnections(guardConnector(makeAddressGuard(options.allow), options));
  const open = (url: string, timeoutMs: number): HttpExchange => beginExchange(connections, url, timeoutMs);
  return {
    open,
    send: (request, limits) => open(request.url, limits.timeoutMs).send(request, limits),
    close: connections.close,
  };
}
