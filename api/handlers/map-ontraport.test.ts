import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const post = (body: unknown) => api.ada.call('POST', '/v1/maps/import-ontraport', body);
const campaign = (...nodes: object[]) => ({
  nodes: [
    {
      id: 1,
      type: 'trigger',
      label: 'Tagged',
      resource: { rule_editor: { events: { statement: [{ sub_tag: { a0: '4' } }] } } },
    },
    ...nodes,
    { id: 9, type: 'end', resource: { remove_contacts: '1' } },
  ],
  edges: [1, ...nodes.map((_, n) => n + 2)].map((from, n) => ({ from, to: n === nodes.length ? 9 : n + 2 })),
});

test('a map of Ontraport becomes a draft that can be published: tags by name, webhooks for its URLs', async () => {
  const send = (id: number) => ({
    id,
    type: 'webhook',
    label: 'CRM',
    resource: { webhook_url: 'https://example.com/in' },
  });
  const wait = { id: 3, type: 'wait', resource: { wait_type: 'time', time_days: 1 } };
  const { status, body } = await post({
    map: { name: 'Welcome', object_type_id: 0, campaign: JSON.stringify(campaign(send(2), wait, send(4))) },
    tags: { 4: 'Customer' },
  });
  expect(status).toBe(201);
  expect(body.placeholders).toEqual([]);
  expect(body.webhooks).toEqual([expect.objectContaining({ name: 'CRM', headersToFill: [] })]);
  expect(body.draft.elements.map(({ kind }: { kind: string }) => kind)).toEqual([
    'trigger',
    'webhook',
    'wait',
    'webhook',
    'end',
  ]);
  const published = await api.ada.call('POST', `/v1/maps/${body.id}/publish`, {});
  expect([published.status, published.body.problems]).toEqual([200, undefined]);

  const out = await api.ada.call('GET', `/v1/maps/${body.id}/export-ontraport`);
  expect(out.body.campaign.nodes[1].resource).toEqual({
    webhook_id: expect.stringMatching(/^\d+$/),
    destination_url: 'https://example.com/in',
  });
  const again = await post({ map: out.body, hasOwnIds: true });
  expect(again.body.draft).toEqual(body.draft);
  expect(again.body.webhooks).toEqual([]);
});

test('what is not understood is a placeholder with its reason, blocks publishing, and goes out as it came', async () => {
  const split = { id: 2, type: 'split', label: 'A/B', resource: { splitTests: [{ id: '1', weight: 50 }] } };
  const inside = { id: 3, type: 'webhook', resource: { url: 'http://169.254.169.254/' } };
  const { body } = await post({ map: { campaign: campaign(split, inside) } });
  expect(body.placeholders).toEqual([
    { elementId: 'n1', type: 'trigger', reason: 'there is no tag 4 in this account' },
    { elementId: 'n2', type: 'split', reason: 'elements of type "split" have no counterpart here' },
    { elementId: 'n3', type: 'webhook', reason: expect.stringMatching(/^its URL /) },
  ]);
  const refused = await api.ada.call('POST', `/v1/maps/${body.id}/publish`, {});
  expect(refused.status).toBe(422);
  expect(problemOf(refused).problems).toContainEqual({
    path: 'elements.1',
    elementId: 'n2',
    severity: 'error',
    message:
      '"A/B" was imported and is not understood (elements of type "split" have no counterpart here); replace it.',
  });
  const { body: out } = await api.ada.call('GET', `/v1/maps/${body.id}/export-ontraport`);
  expect(out.campaign.nodes[1]).toEqual(split);
  expect(out.pause).toBe('1');
});

test('ids of another account are not taken for ours unless that is said', async () => {
  for (const tag of ['One', 'Two', 'Three', 'Four']) await api.ada.call('POST', '/v1/tags', { name: tag });
  expect((await post({ map: { campaign: campaign() } })).body.placeholders).toHaveLength(1);
  const own = await post({ map: { campaign: campaign() }, hasOwnIds: true });
  expect(own.body.placeholders).toEqual([]);
});

test('what is no map is refused, with what is missing', async () => {
  expect(problemOf(await post({ map: {} }))).toMatchObject({
    code: 'request.invalid',
    problems: [{ path: 'map.campaign', message: expect.stringMatching(/"nodes" and "edges"/) }],
  });
  expect(problemOf(await post({ map: { campaign: campaign() }, tags: { four: 'x' } })).problems[0]?.path).toBe(
    'tags.four',
  );
  expect((await post({ map: { object_type_id: '77', campaign: campaign() } })).status).toBe(404);
});
