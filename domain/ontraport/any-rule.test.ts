import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Action } from '../../schemas/action';
import {
  AMOUNT_OPERATORS,
  type Condition,
  DAY_OPERATORS,
  EMAIL_DEEDS,
  FIELD_OPERATORS,
  MAP_OPERATORS,
  SPAN_UNITS,
} from '../../schemas/condition';
import { type ListenedEvent, listenedEvent } from '../../schemas/listened-event';
import { DAY_ANCHORS, DAY_UNITS } from '../../schemas/relative-date';
import type { RuleStrings } from '../../schemas/rule';
import { idOfNumber, testNumbers } from '../../tests/rendering/account-numbers';
import { simplifyCondition } from './condition-groups';
import { decodeRule, encodeRule, type RuleParts } from './rule-strings';

const tag = (n: number) => idOfNumber('tag', n);
const read = (strings: Partial<RuleStrings>) => decodeRule(strings, testNumbers);

const id = fc.integer({ min: 1, max: 999 });
const RECORD = idOfNumber('record', 12);
const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom('a,b', 'a;b|c', '(x)', '', ' ', '0', '%', '*/*', '1', 'M', 'blue', '12', RECORD),
);
const FIELDS = ['state', 'score', 'optin', 'birthday', 'colours', 'size', 'notes', 'employer', 'firstname'];
const fieldName = fc.constantFrom(...FIELDS);
const mapId = id.map((n) => idOfNumber('map', n));
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const without = <T extends object>(made: T): T => JSON.parse(JSON.stringify(made)) as T;
const anyEvent: fc.Arbitrary<ListenedEvent> = fc
  .oneof(
    fc
      .constantFrom('record.created', 'record.deleted', 'task.completed', 'task.overdue', 'sms.received', 'manual')
      .map((type) => ({ type })),
    fc.record({ type: fc.constantFrom('tag.added', 'tag.removed'), tagId: optional(id.map(tag)) }),
    fc.record({
      type: fc.constant('field.updated'),
      fieldId: optional(fieldName),
      from: optional(text),
      to: optional(text),
    }),
    fc.record({
      type: fc.constantFrom('map.added', 'map.removed', 'map.paused', 'map.resumed', 'goal.reached'),
      mapId: optional(id.map((n) => idOfNumber('map', n))),
    }),
    fc.record({
      type: fc.constant('form.submitted'),
      formId: optional(id.map((n) => idOfNumber('form', n))),
      outcome: optional(fc.constantFrom('success', 'failure')),
    }),
    fc.record({
      type: fc.constant('date-field.reached'),
      fieldId: fieldName,
      offsetDays: fc.integer({ min: -3650, max: 3650 }),
      isYearly: fc.boolean(),
    }),
    fc.record({
      type: fc.constantFrom('email.opened', 'email.clicked'),
      messageId: fc.constantFrom('5', '0', 'a;b', 'x'),
    }),
    fc.constant({ type: 'date.reached', date: '2026-11-30' }),
    fc.constant({ type: 'custom', name: 'order.shipped' }),
  )
  .map((event) => listenedEvent.parse(without(event)));
const { condition: anyCondition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({
      kind: fc.constant('tag' as const),
      op: fc.constantFrom('has' as const, 'lacks' as const),
      tagId: id.map(tag),
    }),
    fc
      .record({
        kind: fc.constant('field' as const),
        fieldId: fieldName,
        op: fc.constantFrom(...FIELD_OPERATORS),
        value: optional(fc.oneof(text, fc.integer(), fc.boolean())),
      })
      .map(without),
    fc.record({
      kind: fc.constant('field' as const),
      fieldId: fieldName,
      op: fc.constantFrom(...AMOUNT_OPERATORS),
      value: fc.record({
        from: fc.constantFrom(...DAY_ANCHORS),
        amount: fc.integer({ min: -40, max: 40 }),
        unit: fc.constantFrom(...DAY_UNITS),
      }),
    }),
    fc.record({ kind: fc.constant('map' as const), op: fc.constantFrom(...MAP_OPERATORS), mapId }),
    fc.record({
      kind: fc.constant('joined-map' as const),
      mapId,
      op: fc.constantFrom(...DAY_OPERATORS),
      date: fc.constantFrom('2026-11-30', '1969-07-20'),
    }),
    fc.record({
      kind: fc.constant('on-map-for' as const),
      mapId,
      amount: fc.integer({ min: 0, max: 3650 }),
      unit: fc.constantFrom(...SPAN_UNITS),
    }),
    fc
      .record({
        kind: fc.constant('email' as const),
        did: fc.constantFrom(...EMAIL_DEEDS),
        messageId: optional(fc.constantFrom('5', '0', 'a;b', 'x')),
        op: fc.constantFrom(...AMOUNT_OPERATORS),
        value: fc.integer({ min: 0, max: 9 }),
      })
      .map(without),
    fc
      .record({
        kind: fc.constant('variable' as const),
        name: fc.constant('order_id'),
        op: fc.constantFrom(...FIELD_OPERATORS),
        value: optional(fc.oneof(text, fc.integer(), fc.boolean())),
      })
      .map(without),
    fc.record({
      kind: fc.constant('purchases' as const),
      measure: fc.constantFrom('count' as const, 'spent' as const),
      op: fc.constantFrom('equals' as const, 'less' as const),
      value: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
    }),
    fc.record({ kind: fc.constant('all' as const), of: fc.array(tie('condition'), { minLength: 1, maxLength: 4 }) }),
    fc.record({ kind: fc.constant('any' as const), of: fc.array(tie('condition'), { minLength: 1, maxLength: 4 }) }),
    fc.record({ kind: fc.constant('not' as const), of: tie('condition') }),
  ),
}));
const tags = fc.uniqueArray(id.map(tag), { maxLength: 4 });
const anyAction: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant('send-webhook' as const), webhookId: id.map((n) => idOfNumber('webhook', n)) }),
  fc.record({ kind: fc.constant('change-tags' as const), add: tags, remove: tags }),
  fc.record({
    kind: fc.constant('change-field' as const),
    fieldId: fieldName,
    value: fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(text, { maxLength: 3 })),
  }),
  fc.record({ kind: fc.constant('add-to-map' as const), mapId: id.map((n) => idOfNumber('map', n)) }),
  fc
    .record({
      kind: fc.constant('send-email' as const),
      messageId: id.map((n) => idOfNumber('message', n)),
      to: optional(fc.constantFrom('[Email]', 'ada@example.com')),
    })
    .map(without),
  fc.record({
    kind: fc.constant('send-sms' as const),
    messageId: id.map((n) => idOfNumber('message', n)),
  }),
  fc.record({
    kind: fc.constant('notify' as const),
    messageId: id.map((n) => idOfNumber('message', n)),
    to: fc.constant('ada@example.com'),
  }),
  fc
    .record({
      kind: fc.constant('create-record' as const),
      objectTypeId: fc.constant(149),
      fields: fc.dictionary(fieldName, text, { maxKeys: 3, noNullPrototype: true }),
      relate: optional(fc.constant('contact')),
    })
    .map(without),
  fc.record({ kind: fc.constant('add-note' as const), text: fc.constant('Asked; (for) [Company]') }),
  fc.record({
    kind: fc.constant('assign-task' as const),
    subject: fc.constant('Call; (soon)'),
    dueInDays: fc.constant(3),
  }),
);

test('any rule reads the same from its strings', () => {
  fc.assert(
    fc.property(
      fc.array(anyEvent, { maxLength: 5 }),
      optional(anyCondition),
      // Two changes of tags in a row may come back as one.
      fc
        .array(anyAction, { maxLength: 5 })
        .filter((all) => all.every((one, n) => one.kind !== 'change-tags' || all[n - 1]?.kind !== 'change-tags')),
      (events, condition, actions) => {
        const rule: RuleParts = { events, ...(condition ? { condition } : {}), actions };
        const back = read(encodeRule(rule, testNumbers));
        expect(back.problems).toEqual([]);
        expect(back.parts).toEqual({ ...rule, ...(condition ? { condition: simplifyCondition(condition) } : {}) });
      },
    ),
    { numRuns: 1000 },
  );
});
