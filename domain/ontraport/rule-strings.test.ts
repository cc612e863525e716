import { expect, test } from '@jest/globals';
import { type Action, actionSchema } from '../../schemas/action';
import { ACTION_ROWS } from '../../schemas/action-catalogue';
import type { Condition } from '../../schemas/condition';
import { CONDITION_ROWS } from '../../schemas/condition-catalogue';
import { EVENT_ROWS } from '../../schemas/event-catalogue';
import { EVENT_SPELLINGS } from '../../schemas/event-spellings';
import type { ListenedEvent } from '../../schemas/listened-event';
import type { RuleStrings } from '../../schemas/rule';
import { idOfNumber, testNumbers } from '../../tests/rendering/account-numbers';
import { decodeRule, encodeRule } from './rule-strings';

const tag = (n: number) => idOfNumber('tag', n);
const read = (strings: Partial<RuleStrings>) => decodeRule(strings, testNumbers);
const has = (n: number): Condition => ({ kind: 'tag', op: 'has', tagId: tag(n) });

test('the rule of the reference is read', () => {
  expect(
    read({
      events: 'Contact_added_to_category(4);field_is_updated(email)',
      conditions: 'Is_in_category(7)|field_is_condition_fieldvalue(state,Equal To,CA)',
      actions: 'Ping_APIURL(31)',
    }),
  ).toEqual({
    parts: {
      events: [
        { type: 'tag.added', tagId: tag(4) },
        { type: 'field.updated', fieldId: 'email' },
      ],
      condition: { kind: 'any', of: [has(7), { kind: 'field', fieldId: 'state', op: 'equals', value: 'CA' }] },
      actions: [{ kind: 'send-webhook', webhookId: idOfNumber('webhook', 31) }],
    },
    problems: [],
    unknown: [],
  });
});

const EVENTS: [string, ListenedEvent][] = [
  ['Contact_added_to_my_database()', { type: 'record.created' }],
  ['field_is_updated(state)', { type: 'field.updated', fieldId: 'state' }],
  ['Contact_added_to_category(4)', { type: 'tag.added', tagId: tag(4) }],
  ['Contact_removed_from_category(4)', { type: 'tag.removed', tagId: tag(4) }],
  ['object_submits_form(17)', { type: 'form.submitted', formId: idOfNumber('form', 17) }],
  ['object_submits_form(17,0)', { type: 'form.submitted', formId: idOfNumber('form', 17), outcome: 'success' }],
  ['object_submits_form(17,1)', { type: 'form.submitted', formId: idOfNumber('form', 17), outcome: 'failure' }],
  ['Contact_purchases_product(9)', { type: 'product.purchased', productId: idOfNumber('record', 9) }],
  ['Contact_purchases_product(0)', { type: 'product.purchased' }],
  ['Contact_receives_refund_on_product(9)', { type: 'product.refunded', productId: idOfNumber('record', 9) }],
  ['campaign_builder_object_change(0,140)', { type: 'map.added', mapId: idOfNumber('map', 140) }],
  ['campaign_builder_object_change(1,140)', { type: 'map.removed', mapId: idOfNumber('map', 140) }],
  ['pause_campaign(140)', { type: 'map.paused', mapId: idOfNumber('map', 140) }],
  ['unpause_campaign(0)', { type: 'map.resumed' }],
  ['on_date_field(birthday)', { type: 'date-field.reached', fieldId: 'birthday', offsetDays: 0, isYearly: false }],
  [
    'relative_date_field(3,0,0,birthday)',
    { type: 'date-field.reached', fieldId: 'birthday', offsetDays: -3, isYearly: false },
  ],
  [
    'relative_date_field(3,0,1,birthday)',
    { type: 'date-field.reached', fieldId: 'birthday', offsetDays: 3, isYearly: false },
  ],
  ['object_completed_task(0)', { type: 'task.completed' }],
  ['Contact_opens_email(5)', { type: 'email.opened', messageId: '5' }],
  ['Contact_clicks_emailanchor(5,0)', { type: 'email.clicked', messageId: '5' }],
  ['sms_message_received(0)', { type: 'sms.received' }],
];
test.each(EVENTS)('the event %s is read and written', (text, event) => {
  expect(read({ events: text })).toEqual({ parts: { events: [event], actions: [] }, problems: [], unknown: [] });
  expect(encodeRule({ events: [event], actions: [] }, testNumbers).events).toBe(text);
});

const CONDITIONS: [string, Condition][] = [
  ['Is_in_category(7)', has(7)],
  ['Is_not_in_category(7)', { kind: 'tag', op: 'lacks', tagId: tag(7) }],
  ['field_is_condition_fieldvalue(score,Greater Than,5)', { kind: 'field', fieldId: 'score', op: 'greater', value: 5 }],
  ['field_is_condition_fieldvalue(optin,Equal To,1)', { kind: 'field', fieldId: 'optin', op: 'equals', value: true }],
  [
    'field_is_condition_fieldvalue(birthday,Less Than,1514940140)',
    { kind: 'field', fieldId: 'birthday', op: 'less', value: '2018-01-03T00:42:20.000Z' },
  ],
  ['field_is_condition_fieldvalue(size,Equal To,1)', { kind: 'field', fieldId: 'size', op: 'equals', value: 'S' }],
  [
    'field_is_condition_fieldvalue(colours,Contains,2)',
    { kind: 'field', fieldId: 'colours', op: 'contains', value: 'blue' },
  ],
  [
    'field_is_condition_fieldvalue(employer,Equal To,12)',
    { kind: 'field', fieldId: 'employer', op: 'equals', value: idOfNumber('record', 12) },
  ],
  ['field_is_condition_fieldvalue(state,Equal To,)', { kind: 'field', fieldId: 'state', op: 'equals', value: '' }],
  [
    'Has_spent_condition_N_on_product(Greater Than,99.5,9)',
    { kind: 'purchases', measure: 'spent', op: 'greater', value: 99.5, productId: idOfNumber('record', 9) },
  ],
  ['Has_purchased_condition_n_product(Equal To,2,0)', { kind: 'purchases', measure: 'count', op: 'equals', value: 2 }],
  ['paused_or_active_on_camp(1,140)', { kind: 'map', op: 'paused', mapId: idOfNumber('map', 140) }],
  ['paused_or_active_on_camp(0,140)', { kind: 'map', op: 'active', mapId: idOfNumber('map', 140) }],
  [
    'campaignbuilder_subscription_date_is_val(140,2,1514937600)',
    { kind: 'joined-map', mapId: idOfNumber('map', 140), op: 'before', date: '2018-01-03' },
  ],
  [
    'been_on_campaignbuilder_for_timeframe(140,3,1)',
    { kind: 'on-map-for', mapId: idOfNumber('map', 140), amount: 3, unit: 'weeks' },
  ],
  [
    'Has_opened_email_condition_n_times(5,Greater Than,2)',
    { kind: 'email', did: 'opened', messageId: '5', op: 'greater', value: 2 },
  ],
  [
    'Has_clicked_emailanchor_condition_n_times(5,Greater Than,2)',
    { kind: 'email', did: 'clicked', messageId: '5', op: 'greater', value: 2 },
  ],
  [
    'Has_clicked_emailanchor_condition_n_times(0,Equal To,0)',
    { kind: 'email', did: 'clicked', op: 'equals', value: 0 },
  ],
  ['Is_in_category(1);Is_in_category(2)', { kind: 'all', of: [has(1), has(2)] }],
  [
    'Is_in_category(1);Is_in_category(2)|Is_in_category(3);Is_in_category(4)',
    { kind: 'all', of: [{ kind: 'any', of: [{ kind: 'all', of: [has(1), has(2)] }, has(3)] }, has(4)] },
  ],
];
test.each(CONDITIONS)('the conditions %s are read from left to right, and written', (text, condition) => {
  expect(read({ conditions: text })).toMatchObject({ parts: { condition }, problems: [] });
  expect(encodeRule({ events: [], condition, actions: [] }, testNumbers).conditions).toBe(text);
});

const ACTIONS: [string, Action[]][] = [
  ['Ping_APIURL(31)', [{ kind: 'send-webhook', webhookId: idOfNumber('webhook', 31) }]],
  [
    'Add_contact_to_category(4);Add_contact_to_category(5);Remove_contact_from_category(6)',
    [{ kind: 'change-tags', add: [tag(4), tag(5)], remove: [tag(6)] }],
  ],
  [
    'Remove_contact_from_category(4);Add_contact_to_category(4)',
    [
      { kind: 'change-tags', add: [], remove: [tag(4)] },
      { kind: 'change-tags', add: [tag(4)], remove: [] },
    ],
  ],
  ['Change_field_to_fieldvalue(state,CA,0)', [{ kind: 'change-field', fieldId: 'state', value: 'CA' }]],
  ['Change_field_to_fieldvalue(state,,0)', [{ kind: 'change-field', fieldId: 'state', value: null }]],
  ['Change_field_to_fieldvalue(score,5,0)', [{ kind: 'change-field', fieldId: 'score', value: 5 }]],
  [
    'Change_field_to_fieldvalue(colours,*/*1*/*2*/*,0)',
    [{ kind: 'change-field', fieldId: 'colours', value: ['red', 'blue'] }],
  ],
  ['Change_field_to_fieldvalue(size,2,0)', [{ kind: 'change-field', fieldId: 'size', value: 'M' }]],
  ['Change_field_to_fieldvalue(size,3,0)', [{ kind: 'change-field', fieldId: 'size', value: '1' }]],
  [
    'Change_field_to_fieldvalue(employer,12,0)',
    [{ kind: 'change-field', fieldId: 'employer', value: idOfNumber('record', 12) }],
  ],
  ['campaign_builder_action_change(0,140)', [{ kind: 'add-to-map', mapId: idOfNumber('map', 140) }]],
  ['Send_contact_an_emailmbs(5)', [{ kind: 'send-email', messageId: idOfNumber('message', 5) }]],
  ['send_contact_an_sms(5,0)', [{ kind: 'send-sms', messageId: idOfNumber('message', 5) }]],
  ['campaign_builder_action_change(1,140)', [{ kind: 'remove-from-map', mapId: idOfNumber('map', 140) }]],
  ['pause_or_unpause_on_camp(1,140)', [{ kind: 'pause-on-map', mapId: idOfNumber('map', 140) }]],
  ['pause_or_unpause_on_camp(0,140)', [{ kind: 'resume-on-map', mapId: idOfNumber('map', 140) }]],
];
test.each(ACTIONS)('the actions %s are read and written', (text, actions) => {
  expect(read({ actions: text })).toEqual({ parts: { events: [], actions }, problems: [], unknown: [] });
  expect(encodeRule({ events: [], actions }, testNumbers).actions).toBe(text);
});

test('every code of the table of events is spelled, and no other', () => {
  for (const { type, ruleCode, mapKeys } of EVENT_ROWS) {
    const spellings = EVENT_SPELLINGS[type];
    expect([type, spellings?.rule[0]?.code ?? null]).toEqual([type, ruleCode]);
    expect([type, spellings?.map.map(({ code }) => code) ?? []]).toEqual([type, [...mapKeys]]);
  }
});

test('every kind of action has a row', () => {
  const kinds = actionSchema.options.map((option) => option.shape.kind.value);
  expect(new Set(ACTION_ROWS.map(({ kind }) => kind))).toEqual(new Set(kinds));
  expect(CONDITION_ROWS.length).toBeGreaterThan(0);
});
