import type { Request } from 'express';

/**
 * The next rows of a list as the value of the header Link: the same call with another "start".
 *
 * @returns null when the call has a body, which a link cannot repeat
 * @source RFC 8288; reference section 4, row 13
 */
export function nextLink({ originalUrl, body }: Pick<Request, 'originalUrl' | 'body'>, start: number): string | null {
  if (typeof body === 'string' && body.trim() !== '') return null;
  const [path = '', query = ''] = originalUrl.split(/\?(.*)/s);
  const parameters = new URLSearchParams(query);
  parameters.set('start', String(start));
  return `<${path}?${parameters}>; rel="next"`;
}
