import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
let recordId: string;
beforeAll(async () => {
  api = await openTestApi();
  recordId = (await api.ada.call('POST', '/v1/records', {})).body.id;
});
afterAll(() => api.close());

const tell = (body: object) => api.ada.call('POST', '/v1/events', { recordId, ...body });

test.each([
  [{ name: 'order.shipped' }, { type: 'custom', name: 'order.shipped', data: {} }],
  [
    { type: 'custom', name: 'order.shipped', data: { order: 7 } },
    { type: 'custom', name: 'order.shipped', data: { order: 7 } },
  ],
  [
    { type: 'email.opened', messageId: 'welcome' },
    { type: 'email.opened', messageId: 'welcome' },
  ],
  [
    { type: 'email.clicked', messageId: 'welcome', link: 'https://example.com/a' },
    { type: 'email.clicked', messageId: 'welcome', link: 'https://example.com/a' },
  ],
  [
    { type: 'email.clicked', messageId: 'welcome' },
    { type: 'email.clicked', messageId: 'welcome', link: '' },
  ],
  [
    { type: 'sms.received', text: 'Yes please' },
    { type: 'sms.received', text: 'Yes please' },
  ],
])('%j is stored as the fact %j', async (body, fact) => {
  const answer = await tell(body);
  expect([answer.status, answer.body.fact]).toEqual([201, fact]);
  expect((await api.ada.call('GET', `/v1/events/${answer.body.id}`)).body.fact).toEqual(fact);
});

test.each([
  [{}, 'name', /must be given/],
  [{ name: 'Not A Name' }, 'name', /lower-case words/],
  [{ type: 'email.opened' }, 'messageId', /must be given/],
  [{ type: 'email.clicked', messageId: 'a', link: 'x'.repeat(2049) }, 'link', /2048/],
  [{ type: 'sms.received', text: 5 }, 'text', /string|text/],
  [{ type: 'tag.added', tagId: 'tag_00000000000000000000000000' }, 'type', /email\.opened/],
])('%j is refused with the field and how to mend it', async (body, path, sentence) => {
  const answer = await tell(body);
  expect(answer.status).toBe(400);
  expect(problemOf(answer).problems).toEqual([{ path, message: expect.stringMatching(sentence) }]);
});
