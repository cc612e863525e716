import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MapDrawing } from '../../schemas/automation-map';
import type { RecordId, TagId } from '../../schemas/ids';
import { makeMap, makeTags } from '../servers/make';
import { openRuleCaller } from '../servers/open-rule-caller';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { until } from '../servers/until';

const PATIENCE_MS = 60_000;

let api: TestApi;
let ada: ReturnType<typeof openRuleCaller>;
let [one, two, three, four]: TagId[] = [];
beforeAll(async () => {
  api = await openTestApi({ isWorking: true });
  ada = openRuleCaller(api);
  [one, two, three, four] = await makeTags(api.system, 'One', 'Two', 'Three', 'Four');
  await ada.switchFeatures({ globalRules: true });
});
afterAll(() => api.close());

const swap = (add?: TagId, remove?: TagId) => ({ add: [add as TagId], remove: [remove as TagId] });
const makeSwap = (name: string, from?: TagId, to?: TagId) =>
  ada.makeRule({
    name,
    events: [{ type: 'tag.added', tagId: from }],
    actions: [{ kind: 'change-tags', ...swap(to, from) }],
  });
async function startWith(tag: string): Promise<RecordId> {
  const recordId = await ada.makeContact();
  await api.ada.call('POST', `/v1/records/${recordId}/tags`, { add: [tag] });
  return recordId;
}
const parkedOf = (recordId: RecordId) =>
  until(
    'the loop to be noticed',
    async () => (await ada.get(`/v1/events?status=parked&recordId=${recordId}`)).items[0],
    PATIENCE_MS,
  );

test('two rules that feed each other are stopped after 10, and both are named', async () => {
  await makeSwap('To two', one, two);
  await makeSwap('To one', two, one);
  const recordId = await startWith('One');
  const parked = await parkedOf(recordId);
  expect(parked).toMatchObject({ hops: 11, tries: 1, cause: { kind: 'rule', name: 'To two' } });
  expect(parked.error).toMatch(/loop; the rule "To two" made this event, and it would set off the rule "To one"$/);
  expect(await ada.tagsOf(recordId)).toEqual(['Two']);
});

test('a map and a rule that feed each other are stopped likewise', async () => {
  const drawing: MapDrawing = {
    settings: { reentry: 'always' },
    elements: [
      {
        id: 'start',
        kind: 'trigger',
        title: '',
        settings: { events: [{ type: 'tag.added', ...(three ? { tagId: three } : {}) }] },
      },
      { id: 'swap', kind: 'change-tags', title: '', settings: swap(four, three) },
      { id: 'end', kind: 'end', title: '', settings: {} },
    ],
    edges: [
      { from: 'start', port: 'next', to: 'swap' },
      { from: 'swap', port: 'next', to: 'end' },
    ],
  };
  await makeMap(api.system, drawing, 'To four');
  await makeSwap('To three', four, three);
  const parked = await parkedOf(await startWith('Three'));
  expect(parked).toMatchObject({ hops: 11, cause: { kind: 'map', name: 'To four' } });
  expect(parked.error).toMatch(/the map "To four" made this event, and it would set off the rule "To three"$/);
});
