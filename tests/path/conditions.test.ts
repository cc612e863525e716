import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FieldValues } from '../../schemas/field';
import type { MapId, RecordId, TagId } from '../../schemas/ids';
import { transaction } from '../../store/database';
import { insertRecord } from '../../store/records';
import { custom, triggerToWait } from '../servers/draw';
import { makeMap, makeTags } from '../servers/make';
import { openRuleCaller } from '../servers/open-rule-caller';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { until } from '../servers/until';

const PATIENCE_MS = 60_000;

let api: TestApi;
let ada: ReturnType<typeof openRuleCaller>;
let [vip, lead]: TagId[] = [];
beforeAll(async () => {
  api = await openTestApi({ isWorking: true });
  ada = openRuleCaller(api);
  [vip, lead] = await makeTags(api.system, 'VIP', 'Lead');
  await ada.switchFeatures({ globalRules: true });
});
afterAll(() => api.close());

test('rules, triggers and condition elements ask alike for maps and purchases', async () => {
  const { db, account } = api.system;
  const accountId = account.account._id;
  const { mapId } = await makeMap(api.system, triggerToWait(custom('enter')), 'Customers');
  const [buyer, visitor] = [await ada.makeContact(), await ada.makeContact()];
  const productId = (await api.ada.call('POST', '/v1/records', { objectTypeId: 16, fields: { name: 'Widget' } })).body
    .id as RecordId;
  const buy = (fields: FieldValues) =>
    transaction(db, (session) =>
      insertRecord(db, session, {
        accountId,
        objectTypeId: 17,
        fields: { contact_id: buyer, product_id: productId, ...fields },
        tagIds: [],
        facts: [],
      }),
    );
  await buy({ quantity: 2, total_price: 19.9 });
  await buy({ total_price: 10 });
  await ada.say(buyer, 'enter');
  await until('the entry', async () => (await ada.entriesOf(buyer)).length === 1, PATIENCE_MS);

  const isBuyer = {
    kind: 'all' as const,
    of: [
      { kind: 'map' as const, op: 'on' as const, mapId },
      { kind: 'purchases' as const, measure: 'count' as const, productId, op: 'at-least' as const, value: 3 },
      { kind: 'purchases' as const, measure: 'spent' as const, op: 'equals' as const, value: 29.9 },
    ],
  };
  const decide = (start: object): Parameters<typeof makeMap>[1] => ({
    settings: { reentry: 'once' },
    elements: [
      { id: 'start', kind: 'trigger', title: '', settings: { events: [custom('decide')], ...start } },
      { id: 'decide', kind: 'condition', title: '', settings: { condition: isBuyer } },
      { id: 'yes', kind: 'change-tags', title: '', settings: { add: [vip as TagId], remove: [] } },
      { id: 'no', kind: 'change-tags', title: '', settings: { add: [lead as TagId], remove: [] } },
      { id: 'end', kind: 'end', title: '', settings: {} },
    ],
    edges: [
      { from: 'start', port: 'next', to: 'decide' },
      { from: 'decide', port: 'yes', to: 'yes' },
      { from: 'decide', port: 'no', to: 'no' },
      { from: 'yes', port: 'next', to: 'end' },
      { from: 'no', port: 'next', to: 'end' },
    ],
  });
  const everyone = await makeMap(api.system, decide({}), 'Everyone');
  const buyers = await makeMap(api.system, decide({ condition: isBuyer }), 'Buyers');
  const ruleId = await ada.makeRule({
    events: [custom('decide')],
    condition: isBuyer,
    actions: [{ kind: 'change-field', fieldId: 'title', value: 'Buyer' }],
  });
  for (const recordId of [buyer, visitor]) await ada.say(recordId, 'decide');
  const isOver = async (recordId: RecordId, mapIds: MapId[]): Promise<boolean> => {
    const ended = (await ada.entriesOf(recordId)).filter(({ status }: { status: string }) => status === 'ended');
    return mapIds.every((wanted) => ended.some((entry: { mapId: MapId }) => entry.mapId === wanted));
  };
  await until('the buyer to pass', () => isOver(buyer, [everyone.mapId, buyers.mapId]), PATIENCE_MS);
  await until('the visitor to pass', () => isOver(visitor, [everyone.mapId]), PATIENCE_MS);
  expect([await ada.tagsOf(buyer), await ada.tagsOf(visitor)]).toEqual([['VIP'], ['Lead']]);
  expect(await ada.entriesOf(visitor)).toHaveLength(1);
  expect(await ada.whyNot(ruleId, buyer)).toBe('true: set Title');
  expect(await ada.whyNot(ruleId, visitor)).toBe(
    'false: condition 1 was false: the record is not on the map Customers',
  );
});
