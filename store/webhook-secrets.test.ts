import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { newSecretKey } from '../lib/secrets/parse-keys';
import { openText, sealedBy } from '../lib/secrets/seal';
import { newSigning, openRow, sealRow } from '../lib/secrets/webhook-secrets';
import type { AccountId, WebhookId } from '../schemas/ids';
import { type StoredWebhook, webhookSettings } from '../schemas/webhook';
import { testKeys } from '../tests/servers/open-system';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { checkSecretKeys } from './check-secret-keys';
import { transaction } from './database';
import { ensureSigning, resealWebhooks } from './webhook-secrets';
import { getWebhook, insertWebhook, WEBHOOKS } from './webhooks';

const accountId = 'acc_00000000000000000000000001' as AccountId;
const [OLD, NEW] = [newSecretKey('old'), newSecretKey('new')];
const [oldKeys, bothKeys, newKeys] = [testKeys(OLD), testKeys(`${NEW},${OLD}`), testKeys(NEW)];

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened.close());
beforeEach(() => opened.db.model(WEBHOOKS).deleteMany({}));

const settings = webhookSettings.parse({
  name: 'CRM',
  url: 'https://example.com',
  headers: [
    { name: 'X-Source', value: 'map' },
    { name: 'Authorization', value: 'Bearer secret' },
  ],
});
const insert = (given: Pick<StoredWebhook, 'settings' | 'signing'>): Promise<StoredWebhook> =>
  transaction(opened.db, (session) => insertWebhook(opened.db, session, { accountId, ...given }));
const insertSealed = (keys = oldKeys): Promise<StoredWebhook> =>
  insert({
    settings: { ...settings, headers: settings.headers.map((row) => sealRow(keys, accountId, row)) },
    signing: newSigning(keys, accountId).signing,
  });
const get = (webhookId: WebhookId): Promise<StoredWebhook> => getWebhook(opened.db, { accountId, webhookId });
const secretOf = ({ signing }: StoredWebhook, keys = bothKeys): string =>
  openText(keys, signing?.sealed ?? '', { accountId, purpose: 'webhook.signing-secret' });

test('every webhook is sealed anew with the first key, and holds the same secrets as before', async () => {
  const before = await Promise.all(Array.from({ length: 230 }, () => insertSealed()));
  expect(await resealWebhooks(opened.db, bothKeys)).toEqual({ webhooks: 230, changed: 230, unreadable: [] });
  for (const webhook of before) {
    const after = await get(webhook._id);
    expect(secretOf(after, newKeys)).toBe(secretOf(webhook, oldKeys));
    expect(openRow(newKeys, accountId, after.settings.headers[1] as never).value).toBe('Bearer secret');
    expect(after).toMatchObject({ revision: webhook.revision, updatedAt: webhook.updatedAt });
  }
  expect(await resealWebhooks(opened.db, bothKeys)).toEqual({ webhooks: 230, changed: 0, unreadable: [] });
});

test('a webhook without headers is sealed anew, and edits at the same time are kept', async () => {
  const { signing } = newSigning(oldKeys, accountId);
  const { _id } = await insert({ settings: { ...settings, headers: [] }, signing });
  const edit = (n: number) =>
    opened.db.model(WEBHOOKS).updateOne({ _id }, { $set: { 'settings.headers': [{ name: `X-${n}`, value: `${n}` }] } });
  const [done] = await Promise.all([resealWebhooks(opened.db, bothKeys), edit(1), edit(2), edit(3)]);
  expect(done).toEqual({ webhooks: 1, changed: 1, unreadable: [] });
  const after = await get(_id);
  expect(sealedBy(after.signing?.sealed ?? '')).toBe('new');
  expect(after.settings.headers).toHaveLength(1);
});

test('a secret of before the last rotation is sealed anew as well', async () => {
  const { signing } = newSigning(oldKeys, accountId);
  const until = new Date();
  const previous = { sealed: newSigning(oldKeys, accountId).signing.sealed, until };
  const { _id } = await insert({ settings, signing: { ...signing, previous } });
  await resealWebhooks(opened.db, bothKeys);
  const after = (await get(_id)).signing?.previous;
  expect([sealedBy(after?.sealed ?? ''), after?.until]).toEqual(['new', until]);
});

test('a webhook of before signatures and sealed headers gets both', async () => {
  const old = { ...settings, headers: [{ name: 'Authorization', value: 'Bearer plain' }] };
  const { _id } = await insert({ settings: old } as never);
  expect(await resealWebhooks(opened.db, newKeys)).toMatchObject({ changed: 1 });
  const after = await get(_id);
  expect(secretOf(after)).toMatch(/^whsec_/);
  expect(after.settings.headers[0]).toMatchObject({
    isSecret: true,
    value: expect.stringMatching(/^sealed\.v1\.new\./),
  });
});

test.each([
  ['what no key opens', newKeys],
  ['what was sealed with other bytes under the id of the first key', testKeys(newSecretKey('old'))],
])('%s is named and stays as it is', async (_what, keys) => {
  const { _id } = await insertSealed(oldKeys);
  const before = await get(_id);
  expect(await resealWebhooks(opened.db, keys)).toEqual({ webhooks: 1, changed: 0, unreadable: [_id] });
  expect(await get(_id)).toEqual(before);
});

test('of many attempts that find no signing secret all get the same one', async () => {
  const webhook = await insert({ settings } as never);
  const found = await Promise.all(Array.from({ length: 8 }, () => ensureSigning(opened.db, newKeys, webhook)));
  expect(new Set(found.map((each) => secretOf(each))).size).toBe(1);
});

test('keys that do not open what is stored are refused at the start', async () => {
  await insertSealed(oldKeys);
  await expect(checkSecretKeys(opened.db, bothKeys)).resolves.toBeUndefined();
  await expect(checkSecretKeys(opened.db, newKeys)).rejects.toThrow('lacks the key "old"');
  await expect(checkSecretKeys(opened.db, testKeys(newSecretKey('old')))).rejects.toThrow(
    'its key "old" is not the one',
  );
});
