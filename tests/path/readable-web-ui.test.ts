import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readLocal } from '../../cli/local-account';
import { choosePort } from '../../embedded/choose-port';
import { type StartedProcess, spawnStart } from '../servers/spawn-start';
import { until } from '../servers/until';

let folder: string;
let uiUrl: string;
let started: StartedProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-ui-'));
  const [api, temporal, ui, mongodb] = [
    await choosePort(0),
    await choosePort(0),
    await choosePort(0),
    await choosePort(0),
  ];
  uiUrl = `http://127.0.0.1:${ui}`;
  started = await spawnStart({
    DATA_DIR: folder,
    PORT: `${api}`,
    TEMPORAL_PORT: `${temporal}`,
    TEMPORAL_UI_PORT: `${ui}`,
    MONGODB_PORT: `${mongodb}`,
  });
}, 120_000);
afterAll(async () => {
  await started?.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

const getJson = async <T>(path: string): Promise<T> => (await fetch(`${uiUrl}${path}`)).json() as Promise<T>;
type Payload = { metadata: { encoding: string }; data: string };
const plain = ({ data }: Payload): string => Buffer.from(data, 'base64').toString();

test('the embedded Web UI gets summaries encrypted, and is told where they are decoded for it', async () => {
  await started.call('POST', '/v1/records', { fields: { firstname: 'Ada' }, tags: ['Customer'] });
  const entry = await until('the entry', async () => {
    const page = await started.call<{ items: { id: string; recordId: string }[] }>('GET', '/v1/entries');
    return page.items[0];
  });
  const { workflowUrl } = await started.call<{ workflowUrl: string }>('GET', `/v1/entries/${entry.id}`);
  expect(workflowUrl).toContain(uiUrl);
  const path = `/api/v1${new URL(workflowUrl).pathname}`;
  const described = await until('its workflow', () =>
    getJson<{ executionConfig: { userMetadata: { summary: Payload } } }>(path),
  );
  const { summary } = described.executionConfig.userMetadata;
  expect(plain({ ...summary, data: summary.metadata.encoding })).toBe('binary/encrypted');

  const { Codec } = await getJson<{ Codec: { Endpoint: string } }>('/api/v1/settings');
  const response = await fetch(`${Codec.Endpoint}/decode`, {
    method: 'POST',
    headers: { origin: uiUrl, 'content-type': 'application/json', 'x-namespace': 'default' },
    body: JSON.stringify({ payloads: [summary] }),
  });
  expect(response.headers.get('access-control-allow-origin')).toBe(uiUrl);
  const [decoded] = ((await response.json()) as { payloads: Payload[] }).payloads;
  expect(decoded && plain(decoded)).toBe(`"Send customers to the CRM: ${entry.recordId}"`);
});

test('the secrets it made are kept for the next start, in a file of the owner alone', async () => {
  expect((await stat(join(folder, 'hookline.json'))).mode & 0o077).toBe(0);
  const kept = readLocal(folder);
  expect(kept?.secretKeys).toMatch(/^local-[A-Za-z0-9_-]{6}:[A-Za-z0-9+/]{43}=$/);
  expect(kept?.codecToken).toMatch(/^[A-Za-z0-9_-]{32}$/);
  expect(started.lines.join('\n')).not.toContain(kept?.codecToken ?? 'codec');
});
