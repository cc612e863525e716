import asyncApi3 from '@asyncapi/specs/schemas/3.0.0.json';
import { expect, test } from '@jest/globals';
import AjvDraft7 from 'ajv';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { ACTION_ROWS } from '../../schemas/action-catalogue';
import { CONDITION_ROWS } from '../../schemas/condition-catalogue';
import { EVENT_ROWS } from '../../schemas/event-catalogue';
import { EVENT_SAMPLES } from '../../schemas/event-samples';
import { listFiles, readText } from './repository';

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);

test.each(EVENT_ROWS.map(({ type }) => type))('the schema of %s takes its sample, and no other event', (type) => {
  const validate = ajv.compile(JSON.parse(readText(`docs/schemas/events/${type}.json`)));
  const taken = EVENT_SAMPLES.filter((sample) => validate(sample)).map((sample) => sample.type);
  expect([...new Set(taken)]).toEqual([type]);
});

test.each([
  ['docs/events.md', [...EVENT_ROWS.map(({ type }) => type)]],
  ['docs/maps.md', [...new Set(CONDITION_ROWS.map(({ kind }) => `kind: '${kind}'`))]],
  ['docs/rules.md', ACTION_ROWS.map(({ kind }) => kind)],
])('%s has all that it is to have in its tables', (page, wanted) => {
  const rows = readText(page).match(/^\|.*$/gm) ?? [];
  const first = rows.map((row) => row.split(/(?<!\\)\|/)[1] ?? '');
  expect(wanted.filter((name) => !first.some((cell) => cell.includes(name)))).toEqual([]);
});

test('no schema is left of an event that is gone', () => {
  const files = EVENT_ROWS.map(({ type }) => `docs/schemas/events/${type}.json`);
  expect(listFiles('docs/schemas', /./)).toEqual(files.sort());
});

/** The official JSON Schema of AsyncAPI 3, which is written in draft 7. */
function openAsyncApi3() {
  // It brings its own copy of draft 7.
  const draft7 = new AjvDraft7({ strict: false, meta: false, validateSchema: false });
  addFormats(draft7);
  return draft7.compile(asyncApi3);
}

test('docs/asyncapi.json is AsyncAPI 3 by the official JSON Schema', () => {
  const validate = openAsyncApi3();
  const document = JSON.parse(readText('docs/asyncapi.json'));
  expect([validate(document), validate.errors]).toEqual([true, null]);
});

test.each([
  ['an operation that neither sends nor receives', 'operations.tell.action', 'shout'],
  ['a channel without a reference', 'operations.tell.channel', 'subscription'],
  ['a message whose payload is no schema', 'components.messages.custom.payload.type', 'thing'],
  ['an info without a title', 'info', { version: '1' }],
])('that schema would find %s', (_, path, value) => {
  const document = JSON.parse(readText('docs/asyncapi.json'));
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce((part, key) => part[key], document);
  parent[last] = value;
  expect(openAsyncApi3()(document)).toBe(false);
});
