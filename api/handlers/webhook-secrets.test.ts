import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openText } from '../../lib/secrets/seal';
import { openRow } from '../../lib/secrets/webhook-secrets';
import type { WebhookId } from '../../schemas/ids';
import type { StoredWebhook } from '../../schemas/webhook';
import { IDEMPOTENCY } from '../../store/idempotency';
import { WEBHOOKS } from '../../store/webhooks';
import { openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const VALUE = 'Bearer of-a-secret-[Email]';
const headers = [
  { name: 'X-Source', value: 'map' },
  { name: 'Authorization', value: VALUE },
  { name: 'X-Mine', value: 'mine-alone', isSecret: true },
];
const settings = { name: 'CRM', url: 'https://example.com/crm', body: '{"name":"[First Name]"}', headers };
const shown = [
  { name: 'X-Source', value: 'map', isSecret: false },
  { name: 'Authorization', isSecret: true, hasValue: true },
  { name: 'X-Mine', isSecret: true, hasValue: true },
];
const make = async (more = {}) => {
  const { status, body } = await api.ada.call('POST', '/v1/webhooks', { settings: { ...settings, ...more } });
  expect(status).toBe(201);
  return body as { id: WebhookId; signingSecret: string; settings: typeof settings };
};
const stored = async (id: WebhookId) =>
  (await api.system.db.model(WEBHOOKS).findById(id).lean<StoredWebhook>()) as StoredWebhook;
const storedValues = async (id: WebhookId): Promise<string[]> => {
  const { keys } = api.system;
  const { settings, accountId } = await stored(id);
  return settings.headers.map((row) => openRow(keys, accountId, row).value);
};

test('the signing secret is shown once, and sealed where it is stored', async () => {
  const { id, signingSecret } = await make();
  expect(signingSecret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  for (const path of [`/v1/webhooks/${id}`, '/v1/webhooks'])
    expect((await api.ada.call('GET', path)).text).not.toMatch(/whsec_|sealed/);
  const { signing, accountId } = await stored(id);
  const of = { accountId, purpose: 'webhook.signing-secret' } as const;
  expect(openText(api.system.keys, signing?.sealed ?? '', of)).toBe(signingSecret);
  expect(JSON.stringify(await stored(id))).not.toContain(signingSecret);
});

test('a repeat with the same Idempotency-Key shows the same secret, which is not kept readable', async () => {
  const repeat = () =>
    api.ada.call('POST', '/v1/webhooks', { settings }, { headers: { 'Idempotency-Key': 'make-once' } });
  const [first, second] = [await repeat(), await repeat()];
  expect(second.body).toEqual(first.body);
  const kept = JSON.stringify(await api.system.db.model(IDEMPOTENCY).find().lean());
  expect(kept).toContain('make-once');
  expect(kept).not.toMatch(/whsec_|of-a-secret/);
});

test('values of secret headers are sealed and never shown; the names are', async () => {
  const { id, settings: answered } = await make();
  expect(answered.headers).toEqual(shown);
  expect((await api.ada.call('GET', `/v1/webhooks/${id}`)).body.settings.headers).toEqual(shown);
  const list = await api.ada.call('GET', '/v1/webhooks');
  expect(list.text).not.toMatch(/of-a-secret|mine-alone|sealed/);
  expect(JSON.stringify(await stored(id))).not.toMatch(/of-a-secret|mine-alone/);
  expect(await storedValues(id)).toEqual(['map', VALUE, 'mine-alone']);
});

test('what is shown can be put back as it is: secret rows without a value keep theirs', async () => {
  const { id } = await make();
  const { body } = await api.ada.call('GET', `/v1/webhooks/${id}`);
  const edited = await api.ada.call('PUT', `/v1/webhooks/${id}`, { settings: { ...body.settings, name: 'New name' } });
  expect(edited.body.settings).toEqual({ ...body.settings, name: 'New name' });
  expect(await storedValues(id)).toEqual(['map', VALUE, 'mine-alone']);
});

test('a new value replaces the stored one, and a row that is left out is gone', async () => {
  const { id } = await make();
  const rows = [{ name: 'authorization', value: 'Bearer of-another' }];
  await api.ada.call('PUT', `/v1/webhooks/${id}`, { settings: { ...settings, headers: rows } });
  expect(await storedValues(id)).toEqual(['Bearer of-another']);
});

test('a secret header that never had a value is refused with what to do', async () => {
  const rows = [{ name: 'Authorization' }, { name: 'X-Plain' }];
  const refused = await api.ada.call('POST', '/v1/webhooks', { settings: { ...settings, headers: rows } });
  expect(refused.status).toBe(400);
  expect(problemOf(refused).problems).toEqual([{ path: 'settings.headers.1.value', message: 'must be given' }]);
  const only = await api.ada.call('POST', '/v1/webhooks', { settings: { ...settings, headers: rows.slice(0, 1) } });
  expect(problemOf(only).problems).toEqual([
    {
      path: 'settings.headers.0.value',
      message: 'must be given: Authorization is a secret header of which no value is stored',
    },
  ]);
});

test('merge fields of a secret header are checked when it is given', async () => {
  const rows = [{ name: 'Authorization', value: 'Bearer [Frist Name]' }];
  const refused = await api.ada.call('POST', '/v1/webhooks', { settings: { ...settings, headers: rows } });
  expect(problemOf(refused).problems[0]?.message).toContain('did you mean [First Name]?');
});

test('an exported map holds no secret; the import says what to fill in, and publishing waits for it', async () => {
  const { id } = await make();
  const draft = {
    elements: [
      { id: 'start', kind: 'trigger', settings: { events: [{ type: 'manual' }] } },
      { id: 'send', kind: 'webhook', settings: { webhookId: id } },
      { id: 'end', kind: 'end', settings: {} },
    ],
    edges: [
      { from: 'start', port: 'next', to: 'send' },
      { from: 'send', port: 'next', to: 'end' },
    ],
  };
  const { body: drawn } = await api.ada.call('POST', '/v1/maps', { name: 'x', draft });
  const file = await api.ada.call('GET', `/v1/maps/${drawn.id}/export`);
  expect(file.text).not.toMatch(/of-a-secret|mine-alone|sealed|whsec/);

  const { status, body: imported } = await api.bob.call('POST', '/v1/maps/import', file.body);
  expect(status).toBe(201);
  const [made] = imported.webhooks;
  expect(made).toMatchObject({ name: 'CRM', headersToFill: ['Authorization', 'X-Mine'] });
  expect(made.signingSecret).toMatch(/^whsec_/);
  const { body: webhook } = await api.bob.call('GET', `/v1/webhooks/${made.id}`);
  expect(webhook.settings.headers[1]).toEqual({ name: 'Authorization', isSecret: true, hasValue: false });

  const publish = () => api.bob.call('POST', `/v1/maps/${imported.id}/publish`, {});
  const refused = await publish();
  expect(refused.status).toBe(422);
  expect(problemOf(refused).problems.map(({ message }) => message)).toContain(
    'The webhook "CRM" lacks the value of its secret header Authorization; edit the webhook to give it.',
  );
  const put = { settings: { ...webhook.settings, headers } };
  expect((await api.bob.call('PUT', `/v1/webhooks/${made.id}`, put)).status).toBe(200);
  expect((await publish()).status).toBe(200);
});

test('a rotation shows the new secret once and says until when the old one signs too', async () => {
  const { id, signingSecret } = await make();
  const beganMs = Date.now();
  const rotated = await api.ada.call('POST', `/v1/webhooks/${id}/rotate-secret`, { overlapHours: 2 });
  expect(rotated.status).toBe(200);
  expect(rotated.body.signingSecret).not.toBe(signingSecret);
  const overlapMs = new Date(rotated.body.oldSecretUntil).getTime() - beganMs;
  expect(overlapMs / 3_600_000).toBeCloseTo(2, 2);
  const { body } = await api.ada.call('GET', `/v1/webhooks/${id}`);
  expect(body).toMatchObject({ oldSecretUntil: rotated.body.oldSecretUntil, revision: 1 });
  expect(body).not.toHaveProperty('signingSecret');
  const atOnce = await api.ada.call('POST', `/v1/webhooks/${id}/rotate-secret`, { overlapHours: 0 });
  expect(atOnce.body.oldSecretUntil).toBeNull();
});

test('a rotation is refused for an overlap out of range, without a key, and for the webhook of another account', async () => {
  const { id } = await make();
  const path = `/v1/webhooks/${id}/rotate-secret`;
  const refused = await api.ada.call('POST', path, { overlapHours: 169 });
  expect([refused.status, problemOf(refused).problems]).toEqual([
    400,
    [{ path: 'overlapHours', message: 'must be at most 168' }],
  ]);
  expect((await api.ada.call('POST', path, {}, { headers: { 'api-key': 'x' } })).status).toBe(401);
  expect((await api.bob.call('POST', path, {})).status).toBe(404);
  expect((await stored(id)).signing?.previous).toBeNull();
});
