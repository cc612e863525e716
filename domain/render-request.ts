import type { ObjectType } from '../schemas/object-type';
import type { WebhookSettings } from '../schemas/webhook';
import { checkUrl, isHostFixed, parseUrl } from './check-url';
import { detectContentType } from './detect-content-type';
import { type MergeRecord, type MergeSource, makeMergeSource } from './merge-values';
import { fillPlaceholders } from './parse-template';
import { type Encoding, renderTemplate } from './render-template';

/** A request as it will be sent. Header names are lower case; `contentType` is "" and `body` null without a body. */
export interface RenderedRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
  contentType: string;
}
export type Rendering = { request: RenderedRequest; problem: null } | { request: null; problem: string };

export const USER_AGENT = 'Hookline/0.1';
const BODY_LENGTH_MAX = 1_048_576;

/**
 * The request of one attempt: settings with the record's values filled in, each escaped for its place.
 *
 * Form data of a GET goes to the query string. Header values keep their characters; the HTTP client sends those outside
 * ASCII as UTF-8. A value can change neither the host nor the number of path segments. http is let through here: whether
 * the account allows it is the caller's `checkUrl`.
 *
 * @param record with related records and variables where the templates name some; null leaves all brackets as they are
 * @param delivery `attemptNumber` counts from 1
 * @returns a problem (a sentence) when no request can be made of it: outcome class `invalid`
 * @throws never
 * @source docs/delivery.md D9 to D11
 */
export function renderRequest(
  settings: WebhookSettings,
  record: MergeRecord | null,
  objectType: ObjectType,
  delivery: { id: string; attemptNumber: number },
): Rendering {
  const source = makeMergeSource(record, objectType);
  const fill: Fill = (template, encoding) => renderTemplate(template, source, encoding);
  const { contentType, encoding } = detectContentType(settings.body, settings.headers);
  const filled = fill(settings.body, encoding);
  const data = encoding === 'form' ? encodeForm(filled) : filled;
  const isGet = settings.method === 'GET';
  const isEmpty = data.trim() === '';
  if (isGet && !isEmpty && encoding !== 'form')
    return refuse('A GET request sends its data in the URL, so its body must be Name=value pairs.');
  if (data.length > BODY_LENGTH_MAX)
    return refuse(`The body with its values has ${data.length} characters; at most ${BODY_LENGTH_MAX} can be sent.`);

  const address = renderAddress(settings.url, isGet ? data : '', fill, source);
  if (address.problem !== null) return refuse(address.problem);

  const sentType = isGet ? '' : oneLine(fill(contentType, 'header'));
  const headers = Object.fromEntries([
    ['user-agent', USER_AGENT],
    ...joinRows(settings.headers.map((row) => [row.name.toLowerCase(), oneLine(fill(row.value, 'header'))])),
    ...(sentType === '' ? [] : [['content-type', sentType]]),
    ['accept-encoding', 'identity'],
    ['webhook-id', delivery.id],
    ['webhook-attempt', String(delivery.attemptNumber)],
    ['idempotency-key', delivery.id],
  ]) as Record<string, string>;
  const body = isGet || isEmpty ? null : data;
  return {
    request: { method: settings.method, url: address.url, headers, body, contentType: sentType },
    problem: null,
  };
}

type Fill = (template: string, encoding: Encoding) => string;

/** The URL with its values, and with a GET's form data in its query; the fragment is never sent. */
function renderAddress(
  template: string,
  query: string,
  fill: Fill,
  source: MergeSource,
): { url: string; problem: null } | { problem: string } {
  const isField = (label: string) => source.find(label) !== null;
  if (!isHostFixed(template, isField)) return { problem: 'Merge fields are not allowed in the host name of the URL.' };
  const filled = fill(template, 'url');
  const url = parseUrl(filled);
  if (dotSegmentsOf(filled) !== dotSegmentsOf(fillPlaceholders(template, isField)))
    return { problem: 'The value of a merge field would lead to another path ("." or ".." between slashes).' };
  if (url) url.hash = '';
  if (url && query !== '') url.search = url.search === '' ? query : `${url.search}&${query}`;
  const problem = checkUrl(url?.href ?? '', { allowHttp: true });
  return problem === null && url ? { url: url.href, problem: null } : { problem: problem ?? '' };
}

/** Parts of a path that a URL parser takes away, and with them perhaps the part before. */
const dotSegmentsOf = (url: string): number =>
  (
    url
      .replace(/[\t\r\n]/g, '')
      .trim()
      .split(/[?#]/, 1)[0] ?? ''
  )
    .split(/[/\\]/)
    .filter((segment) => /^(?:\.|%2e){1,2}$/i.test(segment)).length;

/** Values are encoded already; what the template itself holds may have spaces, line breaks and letters beyond ASCII. */
const encodeForm = (filled: string): string =>
  filled
    .replace(/\s*[\r\n]+\s*/g, '')
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(/[^\x21-\x7e]+/g, (text) => encodeURIComponent(text).replaceAll('%20', '+'));

const oneLine = (value: string): string => value.replace(/\p{Cc}+/gu, ' ').trim();

/** Rows of one name become one, as HTTP allows; Content-Type is left to detection. */
function joinRows(rows: [name: string, value: string][]): [name: string, value: string][] {
  const joined = new Map<string, string>();
  for (const [name, value] of rows) {
    if (name === 'content-type') continue;
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`);
  }
  return [...joined];
}

const refuse = (problem: string): Rendering => ({ request: null, problem });
