import { expect, test } from '@jest/globals';
import { type MapDrawing, mapDrawing } from '../schemas/automation-map';
import type { Cause } from '../schemas/cause';
import type { Fact } from '../schemas/event';
import type { RecordFacts } from '../schemas/record';
import { checkMap } from './check-map';
import type { Known } from './check-reference';
import { findLoop } from './find-loop';
import { matchGoal } from './match-goal';
import { type GoalListener, routeEvent, type TriggerListener } from './route-event';
import { type Standing, VISITS_MAX, walk } from './walk';

const TAG = 'tag_00000000000000000000000001';
const GONE = 'tag_00000000000000000000000002';
const ADDED: Fact = { type: 'tag.added', tagId: TAG };
const ADA: RecordFacts = { fields: {}, tagIds: [TAG] };
const wait = (id: string) => ({ id, kind: 'wait', title: id, settings: { kind: 'duration', seconds: 90 } });
/** start → wait → goal → below → end, and beside it a goal "aside" that leads to the end */
const draw = (settings: object = {}, tagId = TAG, edges = ['bought>below', 'aside>end']): MapDrawing =>
  mapDrawing.parse({
    elements: [
      { id: 'start', kind: 'trigger', settings: { events: [{ type: 'record.created' }] } },
      wait('wait'),
      {
        id: 'bought',
        kind: 'goal',
        title: 'Bought',
        settings: { events: [{ type: 'tag.added', tagId }], ...settings },
      },
      { id: 'aside', kind: 'goal', settings: { events: [{ type: 'tag.added' }], reach: 'waiting' } },
      wait('below'),
      { id: 'end', kind: 'end' },
    ],
    edges: ['start>wait', 'wait>bought', 'below>end', ...edges].map((line) => {
      const [from, to] = line.split('>');
      return { from, port: 'next', to };
    }),
  });
const goal = (elementId: string): Cause => ({ kind: 'goal', elementId, eventId: 'evt_1', hops: 0, versionNumber: 1 });
const at = (elementId: string, visits: Record<string, number> = {}): Standing => ({ elementId, visits });
function go(standing: Standing, cause: Cause, drawing = draw()) {
  const { visits, reached, stop, standing: after } = walk(drawing, standing, ADA, { cause, nowMs: 0 });
  return { seen: visits.map(({ element, port, detail }) => [element.id, port, detail]), reached, stop, after };
}

test('a goal that is met is jumped to from where the record rests, and left by next', () => {
  expect(go(at('wait', { wait: 1 }), goal('bought'))).toEqual({
    seen: [
      ['wait', 'goal', 'goal met: Bought'],
      ['bought', 'next', 'reached'],
    ],
    reached: 'bought',
    stop: { kind: 'wait', untilMs: 90_000 },
    after: { elementId: 'below', visits: { wait: 1, bought: 1, below: 1 } },
  });
  expect(go(at('below'), goal('bought')).after.elementId).toBe('below');
  expect(go(at('vanished'), goal('bought')).seen).toEqual([['bought', 'next', 'reached']]);
});

test('who comes on foot passes a goal without having reached it, or rests there until it is met', () => {
  expect(go(at('wait'), { kind: 'deadline' })).toMatchObject({
    seen: [
      ['wait', 'next', ''],
      ['bought', 'next', 'passed'],
    ],
    reached: null,
    after: { elementId: 'below' },
  });
  const waiting = draw({ onFoot: 'wait' });
  const resting = go(at('wait'), { kind: 'deadline' }, waiting);
  expect(resting).toMatchObject({ stop: { kind: 'goal' }, reached: null, after: at('bought', { bought: 1 }) });
  expect(go(resting.after, goal('bought'), waiting)).toMatchObject({
    seen: [['bought', 'next', 'reached']],
    reached: 'bought',
    after: at('below', { bought: 1, below: 1 }),
  });
});

test('who enters at a goal has reached it, and jumps count as visits', () => {
  expect(go(at('bought'), { kind: 'entered' })).toMatchObject({ reached: 'bought', after: { elementId: 'below' } });
  const often = go(at('wait', { bought: VISITS_MAX }), goal('bought'));
  expect(often).toMatchObject({ stop: { kind: 'end', reason: 'loop-limit' }, reached: null });
});

test.each([
  ['inside', 'wait', true],
  ['inside', 'below', true],
  ['any', 'below', true],
  ['waiting', 'wait', true],
  ['waiting', 'bought', true],
  ['waiting', 'below', false],
  ['waiting', 'vanished', false],
])('a goal with the reach %s pulls who stands at %s: %s', (reach, elementId, does) => {
  expect(matchGoal(draw({ reach }), 'bought', elementId)).toBe(does);
});

test('what is no goal, or no longer there, pulls nobody', () => {
  expect([matchGoal(draw(), 'below', 'wait'), matchGoal(draw(), 'vanished', 'wait')]).toEqual([false, false]);
});

const known = { tagIds: new Set([TAG]), objectType: { objectTypeId: 0, plural: 'Contacts', fields: [] } };
const problemsOf = (drawing: MapDrawing) =>
  checkMap(drawing, known as unknown as Known).map(({ path, message }) => `${path}: ${message}`);

test('a goal leads somewhere, what it names exists, and no trigger has to lead to it', () => {
  expect(problemsOf(draw())).toEqual([]);
  expect(problemsOf(draw({}, GONE))).toEqual([
    expect.stringMatching(/^elements\.2\.settings\.events\.0\.tagId: This tag/),
  ]);
  const condition = { kind: 'field', fieldId: 'nope', op: 'filled' };
  expect(problemsOf(draw({ condition }))).toEqual([
    expect.stringMatching(/^elements\.2\.settings\.condition\.fieldId: /),
  ]);
  expect(problemsOf(draw({}, TAG, ['bought>below']))).toEqual([
    'elements.3: "aside" has nothing behind "next"; connect it, with an end if nothing is to follow.',
  ]);
  expect(problemsOf(draw({ events: [{ type: 'manual' }] }))).toEqual([
    'elements.2.settings.events.0: Nobody meets a goal by being added to the map; name another event.',
  ]);
});

test('a loop over a goal still needs a wait of a minute: who has met it goes round at once', () => {
  const circle = draw({ onFoot: 'wait' }, TAG, ['bought>aside', 'aside>bought']);
  expect(problemsOf(circle)).toContainEqual(expect.stringContaining('loop without a wait'));
});

const listening = { accountId: 'acc_1', objectTypeId: 0, mapId: 'map_1', mapName: 'Course', versionNumber: 1 } as const;
const events = [{ type: 'tag.added' } as const];
const trigger: TriggerListener = {
  ...listening,
  kind: 'trigger',
  events,
  elementId: 'start',
  condition: undefined,
  reentry: 'always',
};
const met: GoalListener = { ...trigger, kind: 'goal', elementId: 'bought', reach: 'inside' };

test('goals come before the starts of entries, and only where their condition holds', () => {
  expect(routeEvent(ADDED, ADA, [trigger, met])).toEqual([
    { kind: 'reach-goal', listener: met },
    { kind: 'start-entry', listener: trigger },
  ]);
  const condition = { kind: 'tag', op: 'lacks', tagId: TAG } as const;
  expect(routeEvent(ADDED, ADA, [{ ...met, condition }])).toEqual([]);
  expect(routeEvent(ADDED, null, [met])).toEqual([]);
});

test('a goal is one more automation, so that a loop over it is noticed', () => {
  const sentence = findLoop({ hops: 11 }, routeEvent(ADDED, ADA, [met]));
  expect(sentence).toMatch(/would set off the map "Course"$/);
});
