import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getListenersRevision } from '../../store/counters';
import { openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const post = (path: string, body?: unknown) => api.ada.call('POST', path, body);
const readFile = () =>
  JSON.parse(readFileSync(join(__dirname, '..', '..', 'examples', 'send-customer-to-crm.json'), 'utf8'));

const drawing = (seconds: number) => ({
  elements: [
    { id: 'start', kind: 'trigger', settings: { events: [{ type: 'record.created' }] } },
    { id: 'pause', kind: 'wait', settings: { kind: 'duration', seconds } },
    { id: 'done', kind: 'end' },
  ],
  edges: [
    { from: 'start', port: 'next', to: 'pause' },
    { from: 'pause', port: 'next', to: 'done' },
  ],
});
const makeMap = async (draft: unknown = drawing(60)) => (await post('/v1/maps', { name: 'Map', draft })).body.id;

test('a map is made as a draft, edited, and an edit of an older revision is refused', async () => {
  const id = await makeMap();
  const put = (body: unknown) => api.ada.call('PUT', `/v1/maps/${id}/draft`, body);
  const edited = await put({ name: 'Renamed', draft: drawing(90), draftRevision: 1 });
  expect(edited.body).toMatchObject({ name: 'Renamed', draftRevision: 2, state: 'draft', publishedNumber: null });
  const late = await put({ draft: drawing(5), draftRevision: 1 });
  expect([late.status, problemOf(late).code]).toEqual([409, 'map.changed']);
  expect((await api.ada.call('GET', `/v1/maps/${id}`)).body).toEqual(edited.body);
  expect((await api.ada.call('GET', '/v1/maps')).body.items[0]).toEqual(edited.body);
});

test('a check tells the problems of the draft, and publishing refuses for the same', async () => {
  const draft = { ...drawing(60), edges: [{ from: 'start', port: 'next', to: 'pause' }] };
  const id = await makeMap(draft);
  const checked = await post(`/v1/maps/${id}/check`);
  expect(checked.body.isPublishable).toBe(false);
  expect(checked.body.problems.map(({ elementId }: { elementId: string }) => elementId)).toEqual(['pause', 'done']);
  const refused = await post(`/v1/maps/${id}/publish`, {});
  expect([refused.status, problemOf(refused).code]).toEqual([422, 'map.not-publishable']);
  expect(problemOf(refused).problems).toEqual(checked.body.problems);
  expect((await api.ada.call('GET', `/v1/maps/${id}`)).body.publishedNumber).toBeNull();
});

test('a map that would wait for what cannot come is refused, by check and publish alike', async () => {
  const [start, ...others] = drawing(60).elements;
  const events = [{ type: 'record.deleted' }, { type: 'product.purchased' }];
  const draft = { ...drawing(60), elements: [{ ...start, settings: { events } }, ...others] };
  const { id } = (await post('/v1/maps', { name: 'Map', objectTypeId: 149, draft })).body;
  const checked = await post(`/v1/maps/${id}/check`);
  expect(checked.body.problems.map(({ path }: { path: string }) => path)).toEqual([
    'elements.0.settings.events.0',
    'elements.0.settings.events.1',
  ]);
  const refused = await post(`/v1/maps/${id}/publish`, {});
  expect([refused.status, problemOf(refused).problems]).toEqual([422, checked.body.problems]);
});

test('publishing numbers the versions; an unchanged draft is the version it was', async () => {
  const id = await makeMap();
  const publish = async (note?: string) => (await post(`/v1/maps/${id}/publish`, { note })).body;
  const first = await publish('one');
  expect([first.number, first.note]).toEqual([1, 'one']);
  const revision = await getListenersRevision(api.system.db);
  expect(await publish('again')).toEqual(first);
  expect(await getListenersRevision(api.system.db)).toBe(revision);

  await api.ada.call('PUT', `/v1/maps/${id}/draft`, { draft: drawing(120) });
  const second = await publish();
  expect(second.number).toBe(2);
  expect(second.hash).not.toBe(first.hash);
  expect(await getListenersRevision(api.system.db)).toBe(revision + 1);
  const { body: versions } = await api.ada.call('GET', `/v1/maps/${id}/versions`);
  expect(versions.items).toEqual([second, first]);
  expect((await api.ada.call('GET', `/v1/maps/${id}/versions/1`)).body).toEqual(first);
  expect((await api.ada.call('GET', `/v1/maps/${id}/versions/3`)).status).toBe(404);
  expect((await api.ada.call('GET', `/v1/maps/${id}/versions/x`)).status).toBe(400);
  expect((await api.ada.call('GET', `/v1/maps/${id}`)).body).toMatchObject({ state: 'live', publishedNumber: 2 });
});

test('20 times publish at once makes one version', async () => {
  const id = await makeMap();
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(`/v1/maps/${id}/publish`, {})));
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.number}`))).toEqual(new Set(['200 1']));
  expect((await api.ada.call('GET', `/v1/maps/${id}/versions`)).body.items).toHaveLength(1);
});

test('a file brings its tags and webhooks, and can be published as it is', async () => {
  const imported = await post('/v1/maps/import', readFile());
  expect([imported.status, imported.body.state]).toEqual([201, 'draft']);
  expect((await post(`/v1/maps/${imported.body.id}/publish`, {})).status).toBe(200);
  const { body: webhooks } = await api.ada.call('GET', '/v1/webhooks');
  expect(webhooks.items[0].settings.name).toBe('Send to CRM');
  const { body: tags } = await api.ada.call('GET', '/v1/tags');
  expect(tags.items.map(({ name }: { name: string }) => name).sort()).toEqual(['Customer', 'No e-mail', 'Sent to CRM']);
});

test('export, import and export again give the same bytes, in another account too', async () => {
  const { body: made } = await post('/v1/maps/import', readFile());
  const first = await api.ada.call('GET', `/v1/maps/${made.id}/export`);
  expect(first.text).not.toMatch(/(tag|whk)_[0-9a-z]{26}/);
  const { body: copy } = await api.bob.call('POST', '/v1/maps/import', first.body);
  const second = await api.bob.call('GET', `/v1/maps/${copy.id}/export`);
  expect(second.text).toBe(first.text);
});

test('a file with mistakes is refused whole, naming each place', async () => {
  const count = async () => (await api.ada.call('GET', '/v1/webhooks?limit=200')).body.items.length;
  const before = await count();
  const file = readFile();
  file.requires.webhooks[0].body = '[No Such Field]';
  expect(problemOf(await post('/v1/maps/import', file)).problems.map(({ path }) => path)).toEqual([
    'requires.webhooks.0.body',
  ]);
  const unnamed = readFile();
  unnamed.requires.tags = ['Customer'];
  expect(problemOf(await post('/v1/maps/import', unnamed)).problems).toEqual([
    { path: 'drawing.elements.4.settings.add.0', message: expect.stringContaining('"Sent to CRM"') },
    { path: 'drawing.elements.5.settings.add.0', message: expect.stringContaining('"No e-mail"') },
  ]);
  const bent = readFile();
  bent.drawing.elements[2].settings.seconds = -1;
  bent.drawing.nodes = [];
  expect(problemOf(await post('/v1/maps/import', bent)).problems.map(({ path }) => path)).toEqual([
    'drawing.elements.2.settings.seconds',
    'drawing.nodes',
  ]);
  expect((await post('/v1/maps/import', { ...readFile(), schemaVersion: 2 })).status).toBe(400);
  expect(await count()).toBe(before);
});
