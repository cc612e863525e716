import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { choosePort } from '../../embedded/choose-port';
import { startMongod } from '../../embedded/start-mongod';
import { startTemporal } from '../../embedded/start-temporal';
import { newSecret } from '../../lib/ids';
import { newSecretKey, parseSecretKeys } from '../../lib/secrets/parse-keys';
import type { StoredDelivery } from '../../schemas/delivery';
import { DELIVERIES } from '../../store/deliveries';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { PEPPER } from '../servers/open-system';
import { CODEC_TOKEN, openTestApi, type TestApi } from '../servers/open-test-api';
import { findInFiles } from '../servers/raw-files';
import { startUnencrypted } from '../servers/start-unencrypted';
import { until } from '../servers/until';

const UNCOMPRESSED = [
  ...['--wiredTigerCollectionBlockCompressor', 'none', '--wiredTigerJournalCompressor', 'none'],
  ...['--wiredTigerIndexPrefixCompression', 'false'],
];
/** A value that stands nowhere else. */
const plant = (what: string): string => `${what}-${newSecret().replace(/[^a-z0-9]/gi, '')}`;

const keyText = newSecretKey(plant('key').slice(0, 30));
/** What must be in neither database. */
const secrets: Record<string, string> = {
  'secret key': keyText.split(':')[1] ?? '',
  'codec token': CODEC_TOKEN,
  pepper: PEPPER,
  'secret header': plant('header'),
  'header marked as secret': plant('marked'),
};
const secretBytes: Record<string, Buffer> = {
  'secret key, as bytes': parseSecretKeys(keyText).keys?.[0]?.bytes ?? Buffer.alloc(0),
};
/** What belongs into MongoDB, and must not be in Temporal's files. */
const data: Record<string, string> = {
  'record field': plant('field'),
  'request body': plant('request'),
  'response body': plant('response'),
  'map name': plant('map'),
  'element title': plant('title'),
};

let folder: string;
let receiver: Receiver;
let api: TestApi;
let stopServers: () => Promise<void>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-files-'));
  const [mongod, temporal] = await Promise.all([
    startMongod({
      binary: process.env.TEST_MONGOD_BIN ?? '',
      dataDir: join(folder, 'mongodb'),
      port: 0,
      args: UNCOMPRESSED,
    }),
    startTemporal({
      binary: process.env.TEST_TEMPORAL_BIN ?? '',
      dataFile: join(folder, 'temporal', 'temporal.db'),
      port: 0,
    }),
  ]);
  stopServers = async () => {
    await Promise.all([mongod.stop(), temporal.stop()]);
  };
  receiver = await openReceiver(({ path, headers }) => ({
    status: path === '/fails' ? 500 : 200,
    headers: { 'x-echo': String(headers.authorization) },
    body: `${data['response body']} to ${headers.authorization} ${headers['x-marked']}`,
  }));
  api = await openTestApi({
    mongodbUrl: mongod.url,
    temporalAddress: temporal.address,
    secretKeys: keyText,
    isWorking: true,
    isKept: true,
  });
  secrets['API key'] = api.ada.apiKey;
  data['workflow of a client that does not encrypt'] = plant('plain');
  await startUnencrypted(temporal.address, data['workflow of a client that does not encrypt']);
}, 120_000);
afterAll(async () => {
  await receiver?.close();
  await rm(folder, { recursive: true, force: true });
});

const call = async <T>(method: string, path: string, body?: unknown, headers = {}): Promise<T> => {
  const answer = await api.ada.call<T>(method, path, body, { headers });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
  return answer.body;
};

async function makeWebhook(url: string, maxAttempts = 1): Promise<string> {
  const settings = {
    name: url,
    url,
    maxAttempts,
    schedule: { preset: 'custom', gapsSeconds: [1] },
    body: `{"word":"${data['request body']}","name":"[First Name]"}`,
    headers: [
      { name: 'Authorization', value: `Bearer ${secrets['secret header']} [First Name]` },
      { name: 'X-Marked', value: secrets['header marked as secret'], isSecret: true },
      { name: 'Api-Key', value: secrets['API key'] },
    ],
  };
  const answer = () => call<{ id: string; signingSecret: string }>('POST', '/v1/webhooks', { settings }, once);
  const once = { 'Idempotency-Key': plant('once') };
  const { id, signingSecret } = await answer();
  expect((await answer()).signingSecret).toBe(signingSecret);
  const rotated = await call<{ signingSecret: string }>('POST', `/v1/webhooks/${id}/rotate-secret`, {});
  for (const [which, whole] of Object.entries({ first: signingSecret, rotated: rotated.signingSecret })) {
    const text = whole.replace('whsec_', '');
    secrets[`${which} signing secret of ${url}`] = text;
    secretBytes[`${which} signing secret of ${url}, as bytes`] = Buffer.from(text, 'base64');
  }
  return id;
}

/** trigger → wait → the webhooks, one after the other → end; published. */
async function makeMap(webhookIds: string[], waitSeconds: number): Promise<string> {
  const title = data['element title'];
  const elements = [
    { id: 'start', kind: 'trigger', title, settings: { events: [{ type: 'manual' }] } },
    { id: 'wait', kind: 'wait', title, settings: { kind: 'duration', seconds: waitSeconds } },
    ...webhookIds.map((webhookId, index) => ({ id: `w${index}`, kind: 'webhook', title, settings: { webhookId } })),
    { id: 'end', kind: 'end' },
  ];
  const edges = elements.slice(1).map(({ id }, index) => ({ from: elements[index]?.id, port: 'next', to: id }));
  const { id } = await call<{ id: string }>('POST', '/v1/maps', {
    name: data['map name'],
    draft: { elements, edges, settings: { reentry: 'always' } },
  });
  await call('POST', `/v1/maps/${id}/publish`, {});
  return id;
}

const enter = async (mapId: string, recordId: string): Promise<string> =>
  (await call<{ id: string }>('POST', '/v1/entries', { mapId, recordId })).id;
const untilEnded = (entryId: string) =>
  until(
    'the end of the entry',
    async () => (await call<{ status: string }>('GET', `/v1/entries/${entryId}`)).status === 'ended',
    60_000,
  );

test('no secret is in the files of MongoDB or Temporal, and nothing of records, requests and responses in those of Temporal', async () => {
  const closed = await choosePort(0);
  const inbox = `${api.url}/inbox/${api.ada.account.inboxToken}`;
  const webhookIds = [
    await makeWebhook(`${receiver.url}/works`),
    await makeWebhook(`${receiver.url}/fails`, 2),
    await makeWebhook(`http://127.0.0.1:${closed}/refused`),
    await makeWebhook(inbox),
  ];
  const { id: recordId } = await call<{ id: string }>('POST', '/v1/records', {
    fields: { firstname: data['record field'] },
  });
  const mapId = await makeMap(webhookIds, 1);
  await untilEnded(await enter(mapId, recordId));

  const waiting = await enter(await makeMap([], 3600), recordId);
  await until('its wait', async () =>
    JSON.stringify(await call('GET', `/v1/entries/${waiting}`)).includes(`Wait: ${data['element title']}`),
  );
  await call('POST', `/v1/entries/${waiting}/exit`, {});

  const rows = await api.system.db.model(DELIVERIES).find().sort({ _id: 1 }).lean<StoredDelivery[]>();
  expect(rows.map(({ status, attempts }) => [status, attempts.length])).toEqual([
    ['delivered', 1],
    ['failed', 2],
    ['failed', 1],
    ['delivered', 1],
  ]);
  data['text of an error'] = rows[2]?.attempts[0]?.error ?? '';
  expect(receiver.arrivals[0]?.headers.authorization).toBe(
    `Bearer ${secrets['secret header']} ${data['record field']}`,
  );

  await api.close();
  await stopServers();
  const { 'workflow of a client that does not encrypt': plain, ...inMongodb } = data;
  const ids = { 'map id': mapId, 'record id': recordId };
  const everything = { ...secrets, ...secretBytes, ...data, ...ids };
  expect(plain).toBeDefined();
  expect(findInFiles(join(folder, 'mongodb'), everything).sort()).toEqual(
    [...Object.keys(inMongodb), ...Object.keys(ids)].sort(),
  );
  expect(findInFiles(join(folder, 'temporal'), everything).sort()).toEqual(
    ['workflow of a client that does not encrypt', ...Object.keys(ids)].sort(),
  );
}, 180_000);
