import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { openBrowser } from './open-browser';

const PATIENCE_MS = 120_000;

let api: TestApi;
let browser: Browser;
let page: Page;
/** Requests that left the server's origin, and what the browser complained about */
const strays: string[] = [];
const complaints: string[] = [];
beforeAll(async () => {
  api = await openTestApi();
  browser = await openBrowser();
  page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== api.url) strays.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
}, PATIENCE_MS);
afterAll(async () => {
  await browser?.close();
  await api.close();
});

const useKeys = async (apiKey: string, appId: string): Promise<void> => {
  await page.fill('#api-key', apiKey);
  await page.fill('#app-id', appId);
  await page.click('#keys button[type=submit]');
};

test(
  'with a key the page shows the endpoints with the custom objects of the account, remembers the key, and tries an operation on its data',
  async () => {
    const invoice = {
      name: 'Invoice',
      plural: 'Invoices',
      fields: [{ id: 'total_due', label: 'Total due', type: 'price' }],
    };
    await api.ada.call('POST', '/v1/object-types', invoice);
    const { id } = (await api.ada.call('POST', '/v1/records', { fields: { firstname: 'Ada' } })).body;

    await page.goto(`${api.url}/docs`);
    await page.waitForSelector('.opblock-tag');
    expect(await page.textContent('#said')).toMatch(/Enter a key/);
    await useKeys('hk_wrong', api.ada.account.appId);
    await page.waitForSelector('#keys.wrong');
    expect(await page.textContent('#said')).toMatch(/Api-Key/);
    // A refused key is an answer, which browsers tell as an error.
    expect(complaints.splice(0)).toEqual([expect.stringMatching(/401/)]);

    await useKeys(api.ada.apiKey, api.ada.account.appId);
    await page.waitForSelector('#keys.right');
    await page.reload();
    await page.waitForSelector('#keys.right');
    expect(await page.inputValue('#api-key')).toBe(api.ada.apiKey);

    await page.click('#operations-tag-Records');
    await page.click('[id$="get-records-recordId"] .opblock-summary-control');
    await page.click('[id$="get-records-recordId"] .execute');
    const answer = page.locator('[id$="get-records-recordId"] .live-responses-table tbody .response-col_description');
    await answer.first().waitFor();
    expect(await answer.first().textContent()).toContain(id);

    await page.click('[id$="post-records"] .opblock-summary-control');
    await page.click('[id$="post-records"] .execute');
    const made = page.locator('[id$="post-records"] .live-responses-table tbody .response-col_status').first();
    await made.waitFor();
    expect(await made.textContent()).toContain('201');
    expect((await api.ada.call('GET', '/v1/records')).body.items).toHaveLength(2);

    await page.click('.models-control');
    await page
      .locator('.models')
      .getByText(/Invoice/)
      .first()
      .waitFor();
    expect(strays).toEqual([]);
    expect(complaints).toEqual([]);

    await page.click('#forget');
    await page.waitForSelector('#keys:not(.right):not(.wrong)');
    expect(await page.evaluate("localStorage.getItem('hookline-docs-keys')")).toBeNull();
  },
  PATIENCE_MS * 2,
);
