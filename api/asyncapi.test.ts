import { afterAll, beforeAll, expect, test } from '@jest/globals';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { factSchema } from '../schemas/event';
import { EVENT_SAMPLES } from '../schemas/event-samples';
import { PAYLOAD_FORMATS } from '../schemas/subscription';
import { openTestApi, type TestApi } from '../tests/servers/open-test-api';
import { SUBSCRIBED_ROWS } from './asyncapi';
import { samplePayload } from './sample-payload';

let api: TestApi;
// biome-ignore lint/suspicious/noExplicitAny: the document is read freely
let document: any;
beforeAll(async () => {
  api = await openTestApi();
  document = await (await fetch(`${api.url}/asyncapi.json`)).json();
});
afterAll(() => api.close());

/** What a reference in the document leads to. */
const at = (ref: string): unknown =>
  ref
    .replace(/^#\//, '')
    .split('/')
    .reduce((part, name) => part?.[name], document);

test('the document is built as AsyncAPI 3 says: channel, operation, messages, and no reference leads nowhere', () => {
  expect(document.asyncapi).toBe('3.0.0');
  expect(Object.keys(document.info)).toEqual(expect.arrayContaining(['title', 'version']));
  expect(document.channels.subscription.address).toBeNull();
  expect(document.operations.tell).toMatchObject({ action: 'send', channel: { $ref: '#/channels/subscription' } });
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? '');
  expect(refs.filter((ref) => at(ref) === undefined)).toEqual([]);
  for (const group of Object.values(document.components) as object[])
    expect(Object.keys(group).filter((name) => !/^[\w.-]+$/.test(name))).toEqual([]);
  expect(Object.keys(document.components.messages)).toEqual(SUBSCRIBED_ROWS.map(({ type }) => type));
  expect(document.operations.tell.messages).toHaveLength(SUBSCRIBED_ROWS.length);
});

test('what is sent for each event, in each format, is what its message promises', () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema({ $id: 'doc', ...document });
  for (const { type } of SUBSCRIBED_ROWS) {
    const samples = EVENT_SAMPLES.filter((sample) => sample.type === type);
    expect([type, samples.length > 0]).toEqual([type, true]);
    const validate = ajv.compile({ $ref: `doc#/components/messages/${type}/payload` });
    for (const fact of samples)
      for (const format of PAYLOAD_FORMATS) {
        const payload = JSON.parse(samplePayload(fact, format, 'json'));
        expect([type, format, validate(payload), validate.errors]).toEqual([type, format, true, null]);
        const isOther = ajv.compile({ $ref: 'doc#/components/messages/record.merged/payload' });
        if (type !== 'record.merged') expect(isOther(payload)).toBe(false);
      }
  }
});

test('every sample is a fact that can be', () => {
  for (const sample of EVENT_SAMPLES) expect(factSchema.parse(sample)).toEqual(sample);
});
