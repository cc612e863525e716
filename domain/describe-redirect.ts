import { parseUrl } from './check-url';

/**
 * What the log says of a redirect: the host it leads to and nothing more, since the rest may be somebody's secret.
 *
 * @param location of the answer, absolute or relative to `url`; undefined when it had none
 * @param url      that was asked
 * @returns `host` with its port where it has one; null when the answer names no host
 * @throws never
 * @source docs/delivery.md#outcomes
 */
export function describeRedirect(
  status: number,
  location: string | undefined,
  url: string,
): { host: string | null; sentence: string } {
  const from = parseUrl(url);
  const to = location === undefined ? null : parseUrl(location, url);
  const isWeb = to?.protocol === 'https:' || to?.protocol === 'http:';
  const host = to && isWeb ? to.host : null;
  const where = host === null ? 'nowhere that is a web address' : host === from?.host ? `${host} itself` : host;
  return {
    host: location === undefined ? null : (host ?? 'no web address'),
    sentence: `The answer redirects to ${where} (HTTP ${status}); redirects are not followed.`,
  };
}
