import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { findChromium } from './find-chromium';
import { openBrowser, openPage, type WatchedPage } from './open-browser';

/** A browser on a busy machine takes its time. */
const PATIENCE_MS = 60_000;
jest.setTimeout(4 * PATIENCE_MS);

let api: TestApi;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  api = await openTestApi();
  await api.ada.call('POST', '/v1/object-types/0/fields', { id: 'shoe_size', label: 'Shoe Size', type: 'numeric' });
  const invoice = { name: 'Invoice', plural: 'Invoices', fields: [{ id: 'total', label: 'Total', type: 'price' }] };
  await api.ada.call('POST', '/v1/object-types', invoice);
  await api.ada.call('POST', '/v1/records', { fields: { firstname: 'Augusta', email: 'augusta@example.com' } });
  browser = await openBrowser();
  // The browser itself reports the 401 that a test provokes.
  watched = await openPage(browser, (text) => /status of 401/.test(text));
  page = watched.page;
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${api.url}/docs`);
});

afterAll(async () => {
  await browser?.close();
  await api?.close();
});

const said = (text: string) => page.getByText(text).first().waitFor();
async function enter(apiKey: string, appId: string): Promise<void> {
  await page.getByLabel('Api-Key').fill(apiKey);
  await page.getByLabel('Api-Appid').fill(appId);
  await page.getByRole('button', { name: 'Use keys' }).click();
}

/** Opens an operation by its id, sends it as it stands and answers the text of the response. */
async function tryOut(tag: string, operationId: string): Promise<string> {
  const section = page.locator(`.opblock-tag-section:has(h3[data-tag="${tag}"])`);
  if (!(await section.locator('.opblock').first().isVisible())) await section.locator('h3').click();
  const operation = section.locator(`.opblock[id$="-${operationId}"]`);
  await operation.locator('.opblock-summary').first().click();
  await operation.getByRole('button', { name: 'Execute' }).click();
  const answer = operation.locator('.live-responses-table');
  await answer.waitFor();
  return answer.innerText();
}

test('without keys the page shows the API of every account', async () => {
  await page.locator('h3[data-tag="Records"]').waitFor();
  await page.locator('h3[data-tag="/1 Webhooks"]').waitFor();
  expect(await page.getByText('Its object types:').count()).toBe(0);
});

test('keys that do not work turn red, with the reason', async () => {
  await enter('wrong', api.ada.account.appId);
  await page.locator('#api-key.refused').waitFor();
  expect(await page.locator('#said').innerText()).toMatch(/key/i);
});

test("keys that work turn green, and the account's own objects and fields show", async () => {
  await enter(api.ada.apiKey, api.ada.account.appId);
  await page.locator('#api-key.works').waitFor();
  await page.locator('#app-id.works').waitFor();
  await said('Invoices (10000)');
  await page.locator('h3[data-tag="/1 Contacts"]').click();
  await page.locator('.opblock[id$="-ontraport-post-Contacts"] .opblock-summary').first().click();
  await said('shoe_size');
});

test('an operation tried out answers from the data of the account', async () => {
  const answer = await tryOut('Records', 'get-records');
  expect(answer).toContain('200');
  expect(answer).toContain('augusta@example.com');
});

test('subscriptions are listed under /1, and the page shows how many requests of the minute are left', async () => {
  const answer = await tryOut('/1 Webhooks', 'ontraport-get-Webhooks');
  expect(answer).toContain('"code": 0');
  expect(await page.locator('#left').innerText()).toMatch(/^\d+ of \d+ requests under \/1 are left/);
});

test('the keys are remembered after a reload, and forgotten on demand', async () => {
  await page.reload();
  await page.locator('#api-key.works').waitFor();
  await said('Invoices (10000)');
  await page.getByRole('button', { name: 'Forget keys' }).click();
  await said('The keys are forgotten.');
  await page.reload();
  await page.locator('h3[data-tag="Records"]').waitFor();
  expect(await page.getByLabel('Api-Key').inputValue()).toBe('');
});

test('nothing was asked of another server, and neither policy nor console complained', () => {
  expect(watched.origins()).toEqual([api.url]);
  expect(watched.errors()).toEqual([]);
});

test('a machine without Chromium is told what to install', () => {
  expect(() => findChromium({ CHROMIUM_BIN: '/nowhere/chromium' })).toThrow('CHROMIUM_BIN is /nowhere/chromium');
});
