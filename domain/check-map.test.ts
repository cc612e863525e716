import { expect, test } from '@jest/globals';
import { type MapDrawing, mapDrawing } from '../schemas/automation-map';
import type { TagId, WebhookId } from '../schemas/ids';
import { type StoredWebhook, webhookSettings } from '../schemas/webhook';
import { KNOWN_NOTHING } from '../tests/rendering/known-nothing';
import { checkMap } from './check-map';
import type { Known } from './check-reference';

const TAG = 'tag_00000000000000000000000001' as TagId;
const OTHER_TAG = 'tag_00000000000000000000000002' as TagId;
const WEBHOOK = 'whk_00000000000000000000000001' as WebhookId;
const DEAL_WEBHOOK = 'whk_00000000000000000000000002' as WebhookId;
const NO_WEBHOOK = 'whk_00000000000000000000000003' as WebhookId;

const webhook = (objectTypeId: number) =>
  ({ settings: webhookSettings.parse({ name: 'CRM', url: 'https://example.com', objectTypeId }) }) as StoredWebhook;
const known: Known = {
  ...KNOWN_NOTHING,
  objectType: {
    objectTypeId: 0,
    name: 'Contact',
    plural: 'Contacts',
    isBuiltIn: true,
    fields: [
      { id: 'email', label: 'Email', type: 'email' },
      { id: 'spent', label: 'Spent', type: 'price' },
    ],
  },
  tagIds: new Set([TAG]),
  webhooks: new Map([
    [WEBHOOK, webhook(0)],
    [DEAL_WEBHOOK, webhook(149)],
  ]),
};

const trigger = { id: 'start', kind: 'trigger', settings: { events: [{ type: 'tag.added', tagId: TAG }] } };
const end = { id: 'done', kind: 'end' };
const wait = (id: string, seconds: number) => ({ id, kind: 'wait', settings: { kind: 'duration', seconds } });
const send = (webhookId: string, id = 'send') => ({ id, kind: 'webhook', settings: { webhookId } });
const isAda = { kind: 'field', fieldId: 'email', op: 'equals', value: 'ada@example.com' };
const decide = (condition: object = isAda) => ({ id: 'decide', kind: 'condition', settings: { condition } });

/** `a.next>b` is an edge */
const draw = (elements: object[], ...edges: string[]): MapDrawing =>
  mapDrawing.parse({
    elements,
    edges: edges.map((edge) => {
      const [, from, port, to] = /^(.+)\.(.+)>(.+)$/.exec(edge) ?? [];
      return { from, port, to };
    }),
  });
const check = (elements: object[], ...edges: string[]) =>
  checkMap(draw(elements, ...edges), known).map(
    ({ elementId = '', path, message, severity }) => `${severity} ${elementId} ${path}: ${message}`,
  );
/** Puts one element between trigger and end */
const checkOne = (element: { id: string }) =>
  check([trigger, element, end], `start.next>${element.id}`, `${element.id}.next>done`);

test('a map with all in place has no problems', () => {
  expect(
    check(
      [trigger, decide(), wait('pause', 60), send(WEBHOOK), end, { id: 'lost', kind: 'end' }],
      'start.next>decide',
      'decide.yes>pause',
      'decide.no>done',
      'pause.next>send',
      'send.next>done',
      'send.failed>lost',
    ),
  ).toEqual([]);
});

test('an empty map lacks a trigger', () => {
  expect(check([])).toEqual([expect.stringMatching(/^error {2}elements: The map has no trigger/)]);
});

test('every trigger leads somewhere, every required port too, and nothing stands alone', () => {
  expect(check([trigger, wait('pause', 60), decide(), end], 'decide.yes>done')).toEqual([
    expect.stringMatching(/^error start elements\.0: "start" leads nowhere/),
    expect.stringMatching(/^error pause elements\.1: "pause" has nothing behind "next"/),
    expect.stringMatching(/^error decide elements\.2: "decide" has nothing behind "no"/),
    expect.stringMatching(/^error pause .*No trigger leads to/),
    expect.stringMatching(/^error decide .*No trigger leads to/),
    expect.stringMatching(/^error done .*No trigger leads to/),
  ]);
});

test('edges start and end at elements, by ports that these have, one a port, and never in a trigger', () => {
  expect(
    check(
      [trigger, wait('pause', 60), end],
      'start.next>pause',
      'pause.next>done',
      'pause.next>start',
      'pause.later>done',
      'ghost.next>done',
      'start.next>ghost',
      'done.next>pause',
    ),
  ).toEqual([
    expect.stringContaining('start elements.0: Nothing may lead into a trigger'),
    expect.stringContaining('pause elements.1: Two lines leave "pause" by "next"'),
    expect.stringContaining('pause elements.1: "pause" has no port "later"; it has next.'),
    expect.stringContaining('edges.4.from: A line starts at "ghost"'),
    expect.stringContaining('edges.5.to: A line leads to "ghost"'),
    expect.stringContaining('start elements.0: Two lines leave "start" by "next"'),
    expect.stringContaining('done elements.2: "done" has no port "next"; it has none.'),
  ]);
});

test('ids are there once', () => {
  expect(check([trigger, end, end], 'start.next>done')).toEqual([
    expect.stringContaining('error done elements.2.id: Another element has the id "done"'),
  ]);
});

test('every cycle holds a wait of at least 60 seconds', () => {
  const loop = (seconds: number) =>
    check(
      [trigger, wait('pause', seconds), decide(), end],
      'start.next>pause',
      'pause.next>decide',
      'decide.no>pause',
      'decide.yes>done',
    );
  expect(loop(60)).toEqual([]);
  expect(loop(59)).toEqual([expect.stringMatching(/^error (pause|decide) .*loop without a wait/)]);
  const twoLoops = check(
    [trigger, wait('long', 60), wait('short', 5), decide(), end],
    'start.next>decide',
    'decide.yes>long',
    'long.next>decide',
    'decide.no>short',
    'short.next>decide',
  );
  expect(twoLoops).toEqual([
    expect.stringMatching(/^error done .*No trigger/),
    expect.stringMatching(/^error (short|decide) .*loop without a wait/),
  ]);
});

test('tags, fields and webhooks exist and fit the object type', () => {
  const unknown = { kind: 'all', of: [isAda, { kind: 'not', of: { kind: 'tag', op: 'has', tagId: OTHER_TAG } }] };
  expect(
    check([trigger, decide(unknown), end], 'start.next>decide', 'decide.yes>done', 'decide.no>done').slice(0, 1),
  ).toEqual([expect.stringContaining('error decide elements.1.settings.condition.of.1.of.tagId: This tag')]);
  const tags = { id: 'tags', kind: 'change-tags', settings: { add: [TAG, OTHER_TAG] } };
  expect(checkOne(tags)).toEqual([expect.stringContaining('error tags elements.1.settings.add.1: This tag')]);
  const field = { id: 'set', kind: 'change-field', settings: { fieldId: 'nope', value: 1 } };
  expect(checkOne(field)).toEqual([expect.stringContaining('Contacts have no field "nope"')]);
  expect(checkOne(send(NO_WEBHOOK))[0]).toContain('elements.1.settings.webhookId: This webhook does not exist');
  expect(checkOne(send(DEAL_WEBHOOK))[0]).toContain('is for another object type');
});

test('values fit the type of their field', () => {
  const set = (fieldId: string, value: unknown) =>
    checkOne({ id: 'set', kind: 'change-field', settings: { fieldId, value } } as never);
  expect(set('spent', '12.50')).toEqual([]);
  expect(set('email', null)).toEqual([]);
  expect(set('spent', 'much')).toEqual([
    expect.stringContaining('error set elements.1.settings.value: The value for Spent must be a number.'),
  ]);
  const becomes = {
    ...trigger,
    settings: { events: [{ type: 'field.updated', fieldId: 'email', to: 'x' }] },
  };
  expect(check([becomes, end], 'start.next>done')).toEqual([
    expect.stringContaining('error start elements.0.settings.events.0.to: The value for Email must be an e-mail'),
  ]);
});

test('what is odd is warned of and does not block', () => {
  expect(checkOne(wait('pause', 0))).toEqual([expect.stringContaining('warning pause elements.1.settings.seconds')]);
  expect(checkOne(send(WEBHOOK))).toEqual([expect.stringMatching(/^warning send .*nothing behind "failed"/)]);
  expect(check([trigger, decide(), end], 'start.next>decide', 'decide.yes>done', 'decide.no>done')).toEqual([
    expect.stringMatching(/^warning decide .*Both branches/),
  ]);
  const add = (id: string) => ({ id, kind: 'change-tags', settings: { add: [TAG] } });
  expect(check([trigger, add('a'), add('b'), end], 'start.next>a', 'a.next>b', 'b.next>done')).toEqual([
    expect.stringMatching(/^warning a .*the element after it do the same/),
  ]);
});

test('500 elements in one long loop are checked quickly', () => {
  const steps = Array.from({ length: 499 }, (_, n) => ({ id: `s${n}`, kind: 'change-tags', settings: { add: [TAG] } }));
  const edges = steps.map((_, n) => `s${n}.next>s${(n + 1) % 499}`);
  const beganMs = performance.now();
  const problems = check([trigger, ...steps], 'start.next>s0', ...edges);
  expect(problems.filter((line) => line.startsWith('error'))).toHaveLength(1);
  expect(performance.now() - beganMs).toBeLessThan(5000);
});

test('an element that was imported and not understood blocks publishing until it is replaced', () => {
  const settings = { source: 'ontraport', type: 'split', raw: '{"id":"8"}', reason: 'no counterpart' };
  const [problem] = checkOne({ id: 'odd', kind: 'placeholder', title: 'A/B', settings } as { id: string });
  expect(problem).toBe('error odd elements.1: "A/B" was imported and is not understood (no counterpart); replace it.');
});
