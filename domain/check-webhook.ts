import type { ObjectType } from '../schemas/object-type';
import type { Problem } from '../schemas/problem';
import type { WebhookSettings } from '../schemas/webhook';
import { checkUrl, isHostFixed, type UrlRules } from './check-url';
import { detectContentType, isFormBody, isJsonBody } from './detect-content-type';
import { fillPlaceholders } from './parse-template';
import { findMergeFields, labelsOf, RECORD_ID_FIELD } from './render-template';

const UNKNOWN_FIELDS_MAX = 20;

/**
 * What keeps a webhook from being saved, all of it at once. Shapes and lengths are the schema's business.
 *
 * @param objectType whose fields the merge fields name
 * @returns problems with paths as in the settings: `url`, `headers.0.value`, `body`; empty when all is well. At most 20
 *          unknown merge fields are named for each path
 * @throws never
 * @source docs/merge-fields.md, docs/delivery.md D9
 */
export function checkWebhook(settings: WebhookSettings, objectType: ObjectType, rules: UrlRules): Problem[] {
  const labels = labelsOf(objectType);
  const isField = (label: string) => labels.has(label.toLowerCase());
  const problems: Problem[] = [];
  const say = (path: string, message: string) => problems.push({ path, message });

  const badUrl = checkUrl(fillPlaceholders(settings.url, isField), rules);
  if (badUrl) say('url', badUrl);
  if (!isHostFixed(settings.url, isField))
    say('url', 'Merge fields are allowed in the path and query of the URL, not in its host name.');

  const templates: [path: string, template: string][] = [
    ['url', settings.url],
    ...settings.headers.map((row, index): [string, string] => [`headers.${index}.value`, row.value]),
    ['body', settings.body],
  ];
  for (const [path, template] of templates) {
    const unknown = [...new Set(findMergeFields(template, labels).unknown)];
    for (const label of unknown.slice(0, UNKNOWN_FIELDS_MAX)) say(path, unknownField(label, objectType));
  }

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

function unknownField(label: string, objectType: ObjectType): string {
  const names = [...objectType.fields.map((field) => field.label), ...builtInLabels(objectType)];
  const closest = findClosest(label, names);
  const hint = closest === null ? 'choose one of its fields' : `did you mean [${closest}]?`;
  return `[${label}] names no field of ${objectType.plural}; ${hint}`;
}

const builtInLabels = (objectType: ObjectType): string[] =>
  [...labelsOf(objectType)]
    .filter(([, fieldId]) => fieldId === RECORD_ID_FIELD)
    .map(([label]) => label.replace(/\bid$/, 'ID').replace(/^./, (first) => first.toUpperCase()));

/** The label with the fewest differing letters; null when over half of the longer one differs. */
function findClosest(label: string, names: readonly string[]): string | null {
  let closest: string | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const distance = editDistance(label.toLowerCase(), name.toLowerCase());
    if (distance < fewest && distance <= Math.max(label.length, name.length) / 2) [closest, fewest] = [name, distance];
  }
  return closest;
}

/** Letters to insert, delete or replace to make one text of the other (Levenshtein). */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
