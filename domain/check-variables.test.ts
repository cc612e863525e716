import { expect, test } from '@jest/globals';
import { type MapDrawing, mapDrawing } from '../schemas/automation-map';
import type { Condition } from '../schemas/condition';
import type { WebhookId } from '../schemas/ids';
import type { ObjectType } from '../schemas/object-type';
import { ruleSettings } from '../schemas/rule';
import { type StoredWebhook, webhookSettings } from '../schemas/webhook';
import { KNOWN_NOTHING } from '../tests/rendering/known-nothing';
import { checkMap } from './check-map';
import type { Known } from './check-reference';
import { checkRule } from './check-rule';
import { checkSubscription } from './check-subscription';

const WEBHOOK = 'whk_00000000000000000000000001' as WebhookId;
const responseMapping = [
  { path: '$.id', target: { kind: 'variable', name: 'order_id' } },
  { path: '$.city', target: { kind: 'field', fieldId: 'city' } },
];
const settings = webhookSettings.parse({ name: 'CRM', url: 'https://example.com', responseMapping });
const known: Known = {
  ...KNOWN_NOTHING,
  objectType: { objectTypeId: 0, name: '', plural: 'Contacts', isBuiltIn: true, fields: [] } satisfies ObjectType,
  webhooks: new Map([[WEBHOOK, { settings } as StoredWebhook]]),
};
const asks = (name: string): Condition => ({ kind: 'variable', name, op: 'filled' });

/** trigger → webhook → condition → end */
const draw = (condition: Condition, ofTrigger?: Condition): MapDrawing =>
  mapDrawing.parse({
    elements: [
      { id: 'start', kind: 'trigger', settings: { events: [{ type: 'record.created' }], condition: ofTrigger } },
      { id: 'send', kind: 'webhook', settings: { webhookId: WEBHOOK } },
      { id: 'decide', kind: 'condition', settings: { condition } },
      { id: 'yes', kind: 'end' },
      { id: 'no', kind: 'end' },
    ],
    edges: [
      { from: 'start', port: 'next', to: 'send' },
      { from: 'send', port: 'next', to: 'decide' },
      { from: 'send', port: 'failed', to: 'no' },
      { from: 'decide', port: 'yes', to: 'yes' },
      { from: 'decide', port: 'no', to: 'no' },
    ],
  });
const problems = (drawing: MapDrawing) =>
  checkMap(drawing, known).map(({ severity, path, message }) => `${severity} ${path}: ${message}`);

test('a condition element may ask for what a webhook of the map gives, and is warned of what none gives', () => {
  expect(problems(draw(asks('order_id')))).toEqual([]);
  const odd: Condition = { kind: 'any', of: [asks('order_id'), { kind: 'not', of: asks('city') }, asks('city')] };
  expect(problems(draw(odd))).toEqual([
    expect.stringMatching(/^warning elements\.2\.settings\.condition: No webhook of this map gives a variable "city"/),
  ]);
});

test('triggers, rules and subscriptions have no entry to ask for variables', () => {
  const sentence = 'Variables belong to an entry, so only the condition elements of a map can ask for them.';
  const condition: Condition = { kind: 'all', of: [asks('order_id')] };
  expect(problems(draw(asks('order_id'), condition))).toEqual([
    `error elements.0.settings.condition.of.0: ${sentence}`,
  ]);
  const of = { path: 'condition.of.0', message: sentence };
  const events = [{ type: 'record.created' as const }];
  const rule = ruleSettings.parse({
    name: 'Rule',
    events,
    condition,
    actions: [{ kind: 'assign-task', subject: 'Call' }],
  });
  expect(checkRule(rule, known, null)).toEqual([of]);
  for (const objectTypeId of [0, null])
    expect(checkSubscription({ event: { type: 'record.created' }, condition, objectTypeId }, known)).toEqual([of]);
});
