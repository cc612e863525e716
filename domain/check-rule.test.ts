import { expect, test } from '@jest/globals';
import type { FormId, InboundId, MapId, RecordId, TagId, WebhookId } from '../schemas/ids';
import { type RuleSettings, ruleSettings } from '../schemas/rule';
import { type StoredWebhook, webhookSettings } from '../schemas/webhook';
import { KNOWN_NOTHING } from '../tests/rendering/known-nothing';
import type { Known } from './check-reference';
import { checkRule, settleForm } from './check-rule';

const id = (prefix: string, n: number): string => `${prefix}_${String(n).padStart(26, '0')}`;
const TAG = id('tag', 1) as TagId;
const [MAP, DRAFT, DEALS] = [id('map', 1), id('map', 2), id('map', 3)] as MapId[];
const [WEBHOOK, DEAL_WEBHOOK] = [id('whk', 1), id('whk', 2)] as WebhookId[];
const PRODUCT = id('rec', 1) as RecordId;
const FORM = id('frm', 1) as FormId;
const OTHER_FORM = id('frm', 2) as FormId;
const DEAL_FORM = id('frm', 3) as FormId;
const DEAL_SOURCE = id('inb', 1) as InboundId;

const webhook = (objectTypeId: number) =>
  ({ settings: webhookSettings.parse({ name: 'CRM', url: 'https://example.com', objectTypeId }) }) as StoredWebhook;
const known: Known = {
  ...KNOWN_NOTHING,
  objectType: {
    objectTypeId: 0,
    name: 'Contact',
    plural: 'Contacts',
    isBuiltIn: true,
    fields: [{ id: 'spent', label: 'Spent', type: 'price' }],
  },
  tagIds: new Set([TAG]),
  webhooks: new Map([
    [WEBHOOK as WebhookId, webhook(0)],
    [DEAL_WEBHOOK as WebhookId, webhook(149)],
  ]),
  maps: new Map([
    [MAP as MapId, { name: 'Welcome', objectTypeId: 0, publishedNumber: 1 }],
    [DRAFT as MapId, { name: 'Draft', objectTypeId: 0, publishedNumber: null }],
    [DEALS as MapId, { name: 'Deals', objectTypeId: 149, publishedNumber: 1 }],
  ]),
  productIds: new Set([PRODUCT]),
  forms: new Map([
    [FORM, { settings: { name: 'Contact us', objectTypeId: 0 } }],
    [OTHER_FORM, { settings: { name: 'Order', objectTypeId: 0 } }],
    [DEAL_FORM, { settings: { name: 'Offer', objectTypeId: 149 } }],
  ]),
  inbounds: new Map([[DEAL_SOURCE, { settings: { name: 'Shop', objectTypeId: 149 } }]]),
};
const rule = (given: object): RuleSettings =>
  ruleSettings.parse({
    name: 'Rule',
    events: [{ type: 'record.created' }],
    actions: [{ kind: 'change-tags', add: [TAG] }],
    ...given,
  });
const problems = (given: object, formId: FormId | null = null) =>
  checkRule(rule(given), known, formId).map(({ path, message }) => `${path}: ${message}`);

test('a rule that names only what is there has no problems', () => {
  const fine = {
    events: [
      { type: 'tag.added', tagId: TAG },
      { type: 'map.added', mapId: MAP },
      { type: 'product.purchased', productId: PRODUCT },
      { type: 'field.updated', fieldId: 'spent', from: null, to: 5 },
    ],
    condition: {
      kind: 'all',
      of: [
        { kind: 'map', op: 'on', mapId: DRAFT },
        { kind: 'purchases', measure: 'spent', productId: PRODUCT, op: 'at-least', value: 10 },
      ],
    },
    actions: [
      { kind: 'send-webhook', webhookId: WEBHOOK },
      { kind: 'change-field', fieldId: 'spent', value: 7 },
      { kind: 'add-to-map', mapId: MAP },
      { kind: 'remove-from-map', mapId: MAP },
      { kind: 'assign-task', subject: 'Call' },
    ],
  };
  expect(problems(fine)).toEqual([]);
});

const none = (prefix: string): string => id(prefix, 9);
test.each<[object, RegExp]>([
  [{ events: [{ type: 'tag.added', tagId: none('tag') }] }, /^events\.0\.tagId: This tag does not exist/],
  [{ events: [{ type: 'map.removed', mapId: none('map') }] }, /^events\.0\.mapId: This map does not exist/],
  [{ events: [{ type: 'map.added', mapId: DEALS }] }, /^events\.0\.mapId: .*another object type/],
  [{ events: [{ type: 'form.submitted', formId: none('frm') }] }, /^events\.0\.formId: This form does not exist/],
  [{ events: [{ type: 'form.submitted', formId: DEAL_FORM }] }, /^events\.0\.formId: The form "Offer" is for another/],
  [{ events: [{ type: 'inbound.received', inboundId: none('inb') }] }, /^events\.0\.inboundId: This source of inbound/],
  [
    { events: [{ type: 'inbound.received', inboundId: DEAL_SOURCE }] },
    /^events\.0\.inboundId: .*"Shop" is for another/,
  ],
  [{ events: [{ type: 'transaction.added', productId: none('rec') }] }, /^events\.0\.productId: This product/],
  [{ events: [{ type: 'field.updated', fieldId: 'none' }] }, /^events\.0\.fieldId: Contacts have no field/],
  [{ events: [{ type: 'field.updated', fieldId: 'spent', to: 'much' }] }, /^events\.0\.to: The value for Spent/],
  [{ events: [{ type: 'field.updated', fieldId: 'spent', from: 'much' }] }, /^events\.0\.from: The value for Spent/],
  [{ events: [{ type: 'email.opened', messageId: none('mes') }] }, /^events\.0\.messageId: Messages are named by/],
  [{ events: [{ type: 'manual' }] }, /^events\.0: Rules have no "manual"/],
  [{ events: [{ type: 'record.deleted' }] }, /^events\.0: A deleted record is gone/],
  [{ condition: { kind: 'not', of: { kind: 'tag', op: 'has', tagId: none('tag') } } }, /^condition\.of\.tagId: /],
  [{ condition: { kind: 'map', op: 'on', mapId: none('map') } }, /^condition\.mapId: This map/],
  [
    { condition: { kind: 'purchases', measure: 'count', productId: none('rec'), op: 'at-least', value: 1 } },
    /^condition\.productId: This product/,
  ],
  [{ actions: [{ kind: 'send-webhook', webhookId: none('whk') }] }, /^actions\.0\.webhookId: This webhook/],
  [{ actions: [{ kind: 'send-webhook', webhookId: DEAL_WEBHOOK }] }, /^actions\.0\.webhookId: .*another object type/],
  [{ actions: [{ kind: 'add-to-map', mapId: DRAFT }] }, /^actions\.0\.mapId: The map "Draft" is not published/],
  [{ actions: [{ kind: 'change-field', fieldId: 'spent', value: 'much' }] }, /^actions\.0\.value: The value for Spent/],
  [{ actions: [{ kind: 'change-tags' }] }, /^actions\.0: No tag is named/],
])('%j is refused', (given, sentence) => {
  expect(problems(given)).toEqual([expect.stringMatching(sentence)]);
});

const deals = { ...known, objectType: { ...known.objectType, objectTypeId: 149, plural: 'Deals' } };
test('what happens only to contacts is refused for other object types', () => {
  const settings = rule({ events: [{ type: 'product.purchased' }, { type: 'record.created' }] });
  expect(checkRule(settings, deals, null)).toEqual([
    { path: 'events.0', message: '"Product is purchased" happens only to contacts, never to Deals.' },
  ]);
});

test('what is asked only of contacts is refused for other object types, wherever it stands in the condition', () => {
  const bought = { kind: 'purchases', measure: 'count', op: 'at-least', value: 1 };
  const settings = rule({ condition: { kind: 'any', of: [{ kind: 'not', of: bought }] } });
  expect(checkRule(settings, known, null)).toEqual([]);
  expect(checkRule(settings, deals, null)).toEqual([
    {
      path: 'condition.of.0.of',
      message: '"purchases" is asked only of contacts, never of Deals; leave it out.',
    },
  ]);
});

test('a rule of a form listens only for its form, and names it when it is saved', () => {
  const own = { events: [{ type: 'form.submitted', outcome: 'failure' }] };
  expect(problems(own, FORM)).toEqual([]);
  expect(settleForm(rule(own), FORM).events).toEqual([{ type: 'form.submitted', outcome: 'failure', formId: FORM }]);
  expect(problems({ events: [{ type: 'form.submitted', formId: OTHER_FORM }] }, FORM)).toHaveLength(1);
  expect(problems(own, DEAL_FORM)).toEqual([
    'objectTypeId: The form "Offer" is for another object type: give its rule objectTypeId 149.',
  ]);
  expect(problems({}, FORM)).toEqual([expect.stringMatching(/^events\.0: A rule of a form/)]);
});
