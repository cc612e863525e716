import type { ObjectType } from '../schemas/object-type';
import type { Problem } from '../schemas/problem';
import type { WebhookSettings } from '../schemas/webhook';
import { checkResponseMapping } from './check-response-mapping';
import { checkUrl, isHostFixed, type UrlRules } from './check-url';
import { detectContentType, isFormBody, isJsonBody } from './detect-content-type';
import { makeFindTarget } from './merge-labels';
import { fillPlaceholders } from './parse-template';
import { findMergeFields } from './render-template';
import { parseRetryExpression } from './retry-policy';
import { describeUnknownLabel } from './unknown-label';

const UNKNOWN_FIELDS_MAX = 20;

/**
 * What keeps a webhook from being saved, all of it at once. Shapes and lengths are the schema's business.
 *
 * @param objectType whose fields the merge fields name
 * @param account.objectTypes by number: those that relations lead to
 * @returns problems with paths as in the settings: `url`, `headers.0.value`, `body`; empty when all is well. At most 20
 *          unknown merge fields are named for each path
 * @throws never
 * @source docs/merge-fields.md, docs/delivery.md D9
 */
export function checkWebhook(
  settings: WebhookSettings,
  objectType: ObjectType,
  account: UrlRules & { objectTypes?: ReadonlyMap<number, ObjectType> },
): Problem[] {
  const find = makeFindTarget(objectType, account.objectTypes);
  const isField = (label: string) => find(label) !== null;
  const problems: Problem[] = [];
  const say = (path: string, message: string) => problems.push({ path, message });

  const badUrl = checkUrl(fillPlaceholders(settings.url, isField), account);
  if (badUrl) say('url', badUrl);
  if (!isHostFixed(settings.url, isField))
    say('url', 'Merge fields are allowed in the path and query of the URL, not in its host name.');

  const templates: [path: string, template: string][] = [
    ['url', settings.url],
    ...settings.headers.map((row, index): [string, string] => [`headers.${index}.value`, row.value]),
    ['body', settings.body],
  ];
  for (const [path, template] of templates) {
    const unknown = [...new Set(findMergeFields(template, find).unknown)];
    for (const label of unknown.slice(0, UNKNOWN_FIELDS_MAX))
      say(path, describeUnknownLabel(label, objectType, account.objectTypes));
  }

  if (settings.retryPolicy.kind === 'custom')
    for (const problem of parseRetryExpression(settings.retryPolicy.statuses).problems)
      say('retryPolicy.statuses', problem);
  problems.push(...checkResponseMapping(settings.responseMapping, objectType));

  const isEmpty = settings.body.trim() === '';
  const { contentType, encoding } = detectContentType(settings.body, settings.headers);
  const isJson = /[/+]json\s*(;|$)/i.test(contentType);
  if (!isEmpty && isJson && !isJsonBody(settings.body, isField))
    say('body', 'The body is to be sent as JSON but is not valid JSON; look for a missing quote, comma or brace.');
  if (!isEmpty && settings.method === 'GET' && !(encoding === 'form' && isFormBody(settings.body)))
    say(
      'body',
      'A GET request sends its data in the URL: write the body as Name=[First Name]&Email=[Email], or use POST.',
    );
  return problems;
}
