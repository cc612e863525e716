import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';
import { POSTS_PER_MINUTE } from './serve-forms';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const SITE = 'https://shop.example.com';
const email = { fieldId: 'email', isRequired: true };
const call = (method: string, path: string, body?: unknown) => api.ada.call(method, path, body);

/** A form and its address on this server. */
async function make(settings: object = {}) {
  const answer = await call('POST', '/v1/forms', { settings: { name: 'Contact us', fields: [email], ...settings } });
  expect([answer.status, answer.body.problems]).toEqual([201, undefined]);
  return { id: answer.body.id as string, url: `${api.url}${new URL(answer.body.url).pathname}` };
}
const send = (url: string, values: Record<string, string> | [string, string][], headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', redirect: 'manual', headers, body: new URLSearchParams(values) });
const sendJson = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const find = async (address: string) => (await call('GET', `/v1/records?email=${address}`)).body.items;
const factsOf = async (recordId: string) =>
  (await call('GET', `/v1/events?recordId=${recordId}&limit=200`)).body.items
    .reverse()
    .map(({ fact }: { fact: unknown }) => fact);

test('the page is plain HTML with a label for each control, loads nothing and needs no key', async () => {
  const fields = [
    email,
    { fieldId: 'firstname', label: 'Name <b>', value: '"Ada"' },
    { fieldId: 'notes' },
    { fieldId: 'city', isHidden: true, value: 'Hidden London' },
  ];
  const page = await fetch((await make({ fields, redirectUrl: `${SITE}/thanks` })).url);
  const html = await page.text();
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const policy = page.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`form-action 'self' ${SITE};`);
  expect(html).toContain('<label for="firstname">Name &lt;b&gt;</label>');
  expect(html).toContain('value="&quot;Ada&quot;"');
  for (const [, id] of html.matchAll(/<(?:input|textarea)[^>]* id="(\w+)"/g)) expect(html).toContain(`for="${id}"`);
  expect(html).not.toMatch(/Hidden London|<script/);
  expect((await fetch(`${api.url}/forms/nope`)).status).toBe(404);
});

test('a post makes a record with its tags, another one with the same e-mail changes it, and both are told', async () => {
  const { body: tag } = await call('POST', '/v1/tags', { name: 'Subscriber' });
  const fields = [email, { fieldId: 'city' }, { fieldId: 'lreferrer', isHidden: true, value: 'autumn' }];
  const { id: formId, url } = await make({ fields, tagIds: [tag.id] });
  const nudged = api.nudges();
  const posted = await send(url, { email: 'ada@example.com', city: 'London', lreferrer: 'me', spent: '9999' });
  expect([posted.status, posted.headers.get('location')]).toEqual([303, `${new URL(url).pathname}/thanks`]);
  expect(await (await fetch(`${url}/thanks`)).text()).toContain('Thank you.');
  const [record] = await find('ada@example.com');
  expect(record.fields).toEqual({ email: 'ada@example.com', city: 'London', lreferrer: 'autumn' });
  expect(record.tags).toEqual([{ id: tag.id, name: 'Subscriber' }]);
  expect(api.nudges()).toBe(nudged + 1);

  const again = await sendJson(url, { email: ' ada@example.com', city: '' });
  expect(await again.json()).toEqual({ outcome: 'success', message: expect.any(String), redirectUrl: null });
  const [changed, ...others] = await find('ada@example.com');
  expect([changed.id, changed.fields.city, others]).toEqual([record.id, 'London', []]);
  const data = { email: 'ada@example.com', lreferrer: 'autumn' };
  expect(await factsOf(record.id)).toEqual([
    { type: 'record.created' },
    { type: 'tag.added', tagId: tag.id },
    { type: 'form.submitted', formId, outcome: 'success', data: { ...data, city: 'London' } },
    { type: 'form.submitted', formId, outcome: 'success', data },
  ]);
});

test('a page that is sent twice is one submission', async () => {
  const { url } = await make();
  const html = await (await fetch(url)).text();
  const submission = /name="hl-submission" value="([\w-]+)"/.exec(html)?.[1] ?? '';
  const values = { email: 'twice@example.com', 'hl-submission': submission };
  const answers = await Promise.all([send(url, values), send(url, values), send(url, values)]);
  expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
  const [record] = await find('twice@example.com');
  expect(await factsOf(record.id)).toMatchObject([{ type: 'record.created' }, { type: 'form.submitted' }]);
});

test('what is missing or wrong is said beside its field, and nothing is written', async () => {
  const { url } = await make({ fields: [email, { fieldId: 'firstname', isRequired: true }] });
  const refused = await send(url, { email: 'no address', firstname: ' ' });
  const html = await refused.text();
  expect(refused.status).toBe(400);
  expect(html).toContain('role="alert"');
  expect(html).toContain('<span class="problem" id="firstname-problem">This must be filled in.</span>');
  expect(html).toMatch(/value="no address"[^>]*aria-describedby="email-problem"/);
  const json = await sendJson(url, { email: { $ne: '' } });
  expect(((await json.json()) as { code: string }).code).toBe('request.invalid');
  const twice = (await (await sendJson(url, { email: ['a@b', 'c@d'] })).json()) as { problems: { path: string }[] };
  expect(twice.problems.map(({ path }) => path)).toEqual(['email', 'firstname']);
  for (const body of ['[]', '"x"', '{', '{"__proto__":1}', 'null']) {
    expect((await sendJson(url, body)).status).toBe(400);
  }
  const typed = await fetch(url, { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } });
  expect([typed.status, typed.headers.get('content-type')]).toEqual([415, 'text/html; charset=utf-8']);
});

test('a program that fills in the trap is thanked, and nothing is written', async () => {
  const { url } = await make();
  expect((await send(url, { email: 'bot@example.com', 'hl-website': 'http://spam.example' })).status).toBe(303);
  expect(await find('bot@example.com')).toEqual([]);
});

test('scripts of the named sites may post, others may not', async () => {
  const { url } = await make({ allowedOrigins: [SITE] });
  const preflight = (origin: string) => fetch(url, { method: 'OPTIONS', headers: { origin } });
  const allowed = await preflight(SITE);
  expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([204, SITE]);
  expect(allowed.headers.get('access-control-allow-headers')).toBe('content-type');
  expect((await preflight('https://evil.example.com')).headers.get('access-control-allow-origin')).toBeNull();
  const refused = await sendJson(url, {}, { origin: SITE });
  expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([400, SITE]);
});

test('posts of one form from one address are limited, and other forms are not held up', async () => {
  const [{ url }, other] = [await make(), await make()];
  for (let post = 0; post < POSTS_PER_MINUTE; post++) expect((await send(url, {})).status).toBe(400);
  const refused = await send(url, { email: 'late@example.com' });
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await find('late@example.com')).toEqual([]);
  expect((await send(other.url, { email: 'early@example.com' })).status).toBe(303);
});

test('an order form takes test cards only, and keeps no card number', async () => {
  const product = await call('POST', '/v1/records', { objectTypeId: 16, fields: { name: 'Course', price: 49.5 } });
  const productId = product.body.id;
  const { id: formId, url } = await make({ order: { productId, currency: 'EUR' } });
  expect(await (await fetch(url)).text()).toContain('Pay 49.50 EUR');
  const pay = (card: string) => send(url, { email: 'buyer@example.com', 'hl-card': card });

  for (const card of ['', '5555555555554444']) {
    const refused = await pay(card);
    expect(refused.status).toBe(400);
    expect(await refused.text()).not.toContain('5555555555554444');
  }
  expect(await find('buyer@example.com')).toEqual([]);

  const declined = await pay('4000 0000 0000 0002');
  expect(declined.status).toBe(402);
  expect(await declined.text()).toContain('The card was declined');
  expect((await pay('4242-4242-4242-4242')).status).toBe(303);
  const [record] = await find('buyer@example.com');
  expect(record.fields.spent).toBe(49.5);
  const facts = await factsOf(record.id);
  expect(facts).toMatchObject([
    { type: 'record.created' },
    { type: 'form.submitted', formId, outcome: 'failure' },
    { type: 'field.updated', fieldId: 'spent' },
    { type: 'product.purchased', productId },
    { type: 'transaction.added', productIds: [productId] },
    { type: 'form.submitted', formId, outcome: 'success' },
  ]);
  expect(JSON.stringify(facts)).not.toMatch(/4242|0002/);

  await call('DELETE', `/v1/records/${productId}`);
  expect((await pay('4242424242424242')).status).toBe(409);
});
