import { expect, test } from '@jest/globals';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
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

test('no schema is left of an event that is gone', () => {
  const files = EVENT_ROWS.map(({ type }) => `docs/schemas/events/${type}.json`);
  expect(listFiles('docs/schemas', /./)).toEqual(files.sort());
});
