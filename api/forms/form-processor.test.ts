import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type OntraportCaller, ontraportCaller } from '../../tests/servers/ontraport-caller';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';
import { POSTS_PER_MINUTE, PROCESSOR_PATH } from './serve-forms';

let api: TestApi;
let dataOf: OntraportCaller['dataOf'];
let refusalOf: OntraportCaller['refusalOf'];
beforeAll(async () => {
  api = await openTestApi();
  ({ dataOf, refusalOf } = ontraportCaller(api.ada));
});
afterAll(() => api.close());

const SITE = 'https://shop.example.com';
const email = { fieldId: 'email', isRequired: true };

/** A form, by its decimal id, and the uid that its HTML holds. */
async function make(settings: object = {}): Promise<{ id: string; uid: string; html: string }> {
  const body = { settings: { name: 'Contact us', fields: [email, { fieldId: 'firstname' }], ...settings } };
  const id = String((await api.ada.call('POST', '/v1/forms', body)).body.number);
  const html = await dataOf('GET', `/form?id=${id}`);
  return { id, html, uid: /name="uid" value="([\w-]+)"/.exec(html)?.[1] ?? '' };
}
const post = (values: Record<string, string>, headers: Record<string, string> = {}, query = '') =>
  fetch(`${api.url}${PROCESSOR_PATH}${query}`, {
    method: 'POST',
    redirect: 'manual',
    headers,
    body: new URLSearchParams(values),
  });
const find = async (address: string) => (await api.ada.call('GET', `/v1/records?email=${address}`)).body.items;

test('the HTML of a form posts by its uid, without a key, and the record is made and told as by the hosted page', async () => {
  const { id, html, uid } = await make({ redirectUrl: `${SITE}/thanks`, allowedOrigins: [SITE] });
  expect(html).toContain(`action="http://127.0.0.1${PROCESSOR_PATH}"`);
  expect(await dataOf('GET', `/Form?id=${id}`)).toMatchObject({ id, uid, formname: 'Contact us' });
  const posted = await post({ uid, email: 'ada@example.com', firstname: 'Ada', spent: '9999' }, { origin: SITE });
  expect([posted.status, posted.headers.get('location')]).toEqual([303, `${SITE}/thanks`]);
  expect(posted.headers.get('access-control-allow-origin')).toBe(SITE);
  const [record] = await find('ada@example.com');
  expect(record.fields).toEqual({ email: 'ada@example.com', firstname: 'Ada' });
  const { body: events } = await api.ada.call('GET', `/v1/events?recordId=${record.id}`);
  expect(events.items.map(({ fact }: { fact: { type: string } }) => fact.type)).toEqual([
    'form.submitted',
    'record.created',
  ]);
  const byQuery = await post({ email: 'grace@example.com' }, {}, `?uid=${uid}`);
  expect([byQuery.status, (await find('grace@example.com')).length]).toEqual([303, 1]);
});

test('it has the guards of the hosted page: unknown form, other type, trap, missing values, too many', async () => {
  const { uid } = await make();
  expect((await post({ uid: 'nope', email: 'a@example.com' })).status).toBe(404);
  expect((await post({ email: 'a@example.com' })).status).toBe(404);
  const body = JSON.stringify({ uid: { $ne: '' }, email: 'a@example.com' });
  const odd = await fetch(`${api.url}${PROCESSOR_PATH}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  expect(odd.status).toBe(404);
  const typed = await fetch(`${api.url}${PROCESSOR_PATH}`, {
    method: 'POST',
    body: 'x',
    headers: { 'content-type': 'text/plain' },
  });
  expect(typed.status).toBe(415);
  expect((await post({ uid, email: 'trap@example.com', 'hl-website': 'x' })).status).toBe(303);
  expect(await find('trap@example.com')).toEqual([]);
  const refused = await post({ uid, firstname: 'Nobody' });
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('This must be filled in.')]);
  const json = await post({ uid }, { accept: 'application/json' });
  expect([json.status, ((await json.json()) as { code: string }).code]).toEqual([400, 'request.invalid']);
  for (let n = 3; n < POSTS_PER_MINUTE; n++) await post({ uid });
  const answer = await post({ uid, email: 'late@example.com' });
  expect([answer.status, Number(answer.headers.get('retry-after')) > 0]).toEqual([429, true]);
  // The hosted page counts the same posts.
  expect((await fetch(`${api.url}/forms/${uid}`, { method: 'POST', body: new URLSearchParams() })).status).toBe(429);
  expect(await find('late@example.com')).toEqual([]);
});

test('forms are listed as blocks, by pages and by name', async () => {
  const { id } = await make({ name: 'One of a kind' });
  const first = await dataOf('GET', '/Form/getAllFormBlocks');
  expect(first).toMatchObject({ [`f${id}`]: 'One of a kind' });
  expect(await dataOf('GET', '/Form/getAllFormBlocks?page=1')).toEqual({});
  expect(await dataOf('GET', '/Form/getBlocksByFormName?name=One+of+a+kind')).toEqual({ block_ids: [`f${id}`] });
  expect((await refusalOf('GET', '/Form/getBlocksByFormName?name=Nothing'))[0]).toBe(404);
  expect((await refusalOf('GET', '/form?id=999999'))[0]).toBe(404);
  expect((await api.bob.call('GET', `/1/form?id=${id}`)).status).toBe(404);
  expect((await api.bob.call('GET', '/1/Form/getAllFormBlocks')).body.data).toEqual({});
});

test('paths are found in lower case, too, where that leaves no doubt', async () => {
  expect(await dataOf('GET', '/contacts/getinfo')).toEqual(await dataOf('GET', '/Contacts/getInfo'));
});
