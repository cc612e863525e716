import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestApi, type TestApi } from '../tests/servers/open-test-api';
import { secureHeaders } from './secure-headers';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

test('the page loads nothing but what this server serves', async () => {
  const page = await fetch(`${api.url}/docs`);
  const html = await page.text();
  const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '');
  expect(addresses).toHaveLength(5);
  for (const address of addresses) {
    expect(address).toMatch(/^\//);
    const asset = await fetch(`${api.url}${address}`);
    expect([address, asset.status]).toEqual([address, 200]);
    await asset.arrayBuffer();
  }
  expect(html).not.toMatch(/<script>|style=|onload=/);
});

test('scripts come from here only, and plain http works under any host name', async () => {
  const { headers } = await fetch(`${api.url}/docs`);
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toContain('upgrade-insecure-requests');
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  expect(headers.get('strict-transport-security')).toBeNull();
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test('over https browsers are told to stay there', () => {
  const sent: Record<string, string> = {};
  const res = {
    setHeader: (name: string, value: string) => {
      sent[name.toLowerCase()] = value;
    },
    removeHeader: () => undefined,
  };
  secureHeaders('https://hookline.example.com')({} as never, res as never, () => undefined);
  expect(sent['strict-transport-security']).toContain('max-age=');
});

test('the demo page of the assets is not served', async () => {
  expect((await fetch(`${api.url}/docs/assets/`)).status).toBe(404);
});
