import { homedir } from 'node:os';
import { SETTINGS } from '../../lib/config';
import { ERRORS } from '../../schemas/error-codes';
import { EVENT_SCHEMAS, writeAsyncApi, writeEventsReference } from './event-documents';
import { writeActionsReference, writeConditionsReference } from './item-documents';

const BEFORE_ENV =
  '# Settings of Hookline, all optional for `npm start`: copy this file to `.env` and take off the "# " of a line to set it.\n';
const BEFORE_ERRORS = '# Errors\n\nEvery refusal names one of these codes.\n';

/** Everything before the part that is written from code: kept as it is, since people may add to it. */
const headOf = (text: string, start: RegExp, otherwise: string): string => {
  const at = text.search(start);
  return at > 0 ? text.slice(0, at) : `${otherwise}\n`;
};

/** `.env.example` as `SETTINGS` has it: what each setting does, and its default, as a comment. */
export function writeEnvExample(current: string): string {
  const settings: Record<string, { describe: string; default?: string }> = SETTINGS;
  const blocks = Object.entries(settings).map(
    ([name, { describe, default: value = '' }]) => `# ${describe}\n# ${name}=${value.replace(homedir(), '~')}\n`,
  );
  // The first comment that is followed by a commented setting begins the written part.
  return headOf(current, /^# .*\n# [A-Z_]+=/m, BEFORE_ENV) + blocks.join('\n');
}

/** `docs/errors.md` as `ERRORS` has it: one row for each code. What stands before and behind the table is kept. */
export function writeErrors(current: string): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = Object.entries(ERRORS).map(
    ([code, { status, retryable, sentence }]) =>
      `| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${cell(sentence)} |\n`,
  );
  const table = `| code | status | worth repeating | what to do |\n| --- | --- | --- | --- |\n${rows.join('')}`;
  const behind = current.split(/^\| code .*\n(?:\|.*\n?)*/m)[1] ?? '';
  return headOf(current, /^\| code /m, BEFORE_ERRORS) + table + behind;
}

/** The written documents by their paths, each with what writes it from its present text. */
export const DOCUMENTS: Record<string, (current: string) => string> = {
  '.env.example': writeEnvExample,
  'docs/errors.md': writeErrors,
  'docs/events-reference.md': writeEventsReference,
  'docs/conditions-reference.md': writeConditionsReference,
  'docs/actions-reference.md': writeActionsReference,
  'docs/asyncapi.json': writeAsyncApi,
  ...EVENT_SCHEMAS,
};
