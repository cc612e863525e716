import { expect, test } from '@jest/globals';
import type { MapDrawing } from '../schemas/automation-map';
import type { Cause } from '../schemas/cause';
import type { Edge, Element } from '../schemas/element';
import type { RecordFacts } from '../schemas/record';
import { STEPS_MAX, type Standing, VISITS_MAX, type Walked, walk } from './walk';

const NOW_MS = 1_700_000_000_000;
const ADA: RecordFacts = { fields: { firstname: 'Ada' }, tagIds: ['tag_vip'] };
const START: Standing = { elementId: 'start', visits: {} };
const ENTERED = { kind: 'entered' } as const;
const FAILED = { kind: 'sent', result: 'failed', class: 'transient', status: 500 } as const;

const BOX = {
  start: { kind: 'trigger', settings: { events: [{ type: 'record.created' }] } },
  isVip: { kind: 'condition', settings: { condition: { kind: 'tag', op: 'has', tagId: 'tag_vip' } } },
  wait: { kind: 'wait', settings: { kind: 'duration', seconds: 90 } },
  retag: { kind: 'change-tags', settings: { add: ['tag_new'], remove: ['tag_vip'] } },
  rename: { kind: 'change-field', settings: { fieldId: 'firstname', value: 'Grace' } },
  send: { kind: 'webhook', settings: { webhookId: 'whk_1', onFailure: 'continue' } },
  sendOrExit: { kind: 'webhook', settings: { webhookId: 'whk_1', onFailure: 'exit' } },
  end: { kind: 'end', settings: {} },
  otherEnd: { kind: 'end', settings: {} },
} as const;
type BoxId = keyof typeof BOX;

/** A drawing from lines such as `start>wait` and `send.failed>end`. */
function draw(...lines: string[]): MapDrawing {
  const edges = lines.map((line): Edge => {
    const [from = '', to = ''] = line.split('>');
    const [id = '', port = 'next'] = from.split('.');
    return { from: id, port, to };
  });
  const ids = [...new Set(edges.flatMap(({ from, to }) => [from, to]))].filter((id) => id in BOX) as BoxId[];
  const elements = ids.map((id) => ({ id, title: id, ...BOX[id] }) as unknown as Element);
  return { settings: { reentry: 'once' }, elements, edges };
}
const go = (drawing: MapDrawing, standing = START, cause: Cause = ENTERED, record = ADA): Walked =>
  walk(drawing, standing, record, { cause, nowMs: NOW_MS });
const seen = ({ visits }: Walked) => visits.map(({ element, port, detail }) => [element.id, port, detail]);
const at = (elementId: string): Standing => ({ elementId, visits: { [elementId]: 1 } });

test('a trigger is left by next, and an end ends the branch as completed', () => {
  const walked = go(draw('start>end'));
  expect(walked.stop).toEqual({ kind: 'end', reason: 'completed' });
  expect(seen(walked)).toEqual([
    ['start', 'next', ''],
    ['end', null, ''],
  ]);
});

test('a wait stops until its duration after the arrival, by the clock it is given', () => {
  const walked = go(draw('start>wait', 'wait>end'));
  expect(walked.stop).toEqual({ kind: 'wait', untilMs: NOW_MS + 90_000 });
  expect(walked.standing).toEqual({ elementId: 'wait', visits: { wait: 1 } });
  expect(seen(walked)).toEqual([['start', 'next', '']]);
});

test('a wait that is over is left by next', () => {
  const walked = go(draw('start>wait', 'wait>end'), at('wait'), { kind: 'deadline' });
  expect(seen(walked)).toEqual([
    ['wait', 'next', ''],
    ['end', null, ''],
  ]);
});

test('a webhook stops to send the webhook it names', () => {
  expect(go(draw('start>send', 'send>end')).stop).toEqual({ kind: 'send', webhookId: 'whk_1' });
});

test.each([
  [['tag_vip'], 'yes', 'end'],
  [[], 'no', 'otherEnd'],
] as [RecordFacts['tagIds'], string, string][])(
  'a record with tags %j leaves a condition by %s',
  (tagIds, port, end) => {
    const drawing = draw('start>isVip', 'isVip.yes>end', 'isVip.no>otherEnd');
    const walked = go(drawing, START, ENTERED, { fields: {}, tagIds });
    expect(seen(walked)[1]).toEqual(['isVip', port, port]);
    expect(walked.standing.elementId).toBe(end);
  },
);

test('changes add up on the way, later elements see them, and the record given stays as it is', () => {
  const before = structuredClone(ADA);
  const walked = go(draw('start>rename', 'rename>retag', 'retag>isVip', 'isVip.yes>end', 'isVip.no>otherEnd'));
  expect(walked.record).toEqual({ fields: { firstname: 'Grace' }, tagIds: ['tag_new'] });
  expect(walked.standing.elementId).toBe('otherEnd');
  expect(ADA).toEqual(before);
});

test('a delivered webhook is left by next, with its status', () => {
  const cause: Cause = { kind: 'sent', result: 'delivered', class: 'success', status: 204 };
  const walked = go(draw('start>send', 'send>end', 'send.failed>otherEnd'), at('send'), cause);
  expect(seen(walked)[0]).toEqual(['send', 'next', 'delivered, 204']);
  expect(walked.standing.elementId).toBe('end');
});

test('a failed webhook is left by its failed port when that leads somewhere, whatever its setting says', () => {
  for (const id of ['send', 'sendOrExit']) {
    const walked = go(draw(`start>${id}`, `${id}>end`, `${id}.failed>otherEnd`), at(id), FAILED);
    expect(seen(walked)[0]).toEqual([id, 'failed', 'failed: transient, 500']);
    expect(walked.standing.elementId).toBe('otherEnd');
  }
});

test('a failed webhook without a failed port goes on when it is set to continue', () => {
  const walked = go(draw('start>send', 'send>end'), at('send'), { ...FAILED, class: 'timeout', status: null });
  expect(seen(walked)[0]).toEqual(['send', 'next', 'failed: timeout']);
  expect(walked.stop).toEqual({ kind: 'end', reason: 'completed' });
});

test('a failed webhook without a failed port ends the entry when it is set to exit', () => {
  const walked = go(draw('start>sendOrExit', 'sendOrExit>end'), at('sendOrExit'), FAILED);
  expect(walked.stop).toEqual({ kind: 'end', reason: 'webhook-failed' });
  expect(seen(walked)).toEqual([['sendOrExit', null, 'failed: transient, 500']]);
  expect(walked.standing.elementId).toBe('sendOrExit');
});

test('an exit ends the entry where it stands and leaves the record alone', () => {
  const walked = go(draw('start>wait', 'wait>rename', 'rename>end'), at('wait'), { kind: 'exit' });
  expect(walked.stop).toEqual({ kind: 'end', reason: 'exited' });
  expect(walked).toMatchObject({ standing: at('wait'), visits: [], record: ADA });
});

test.each([
  ['the element it rests on is gone', draw('start>end'), 'wait'],
  ['nothing is connected to the port it leaves by', draw('start>wait'), 'wait'],
  ['the next element is gone', draw('start>wait', 'wait>vanished'), 'wait'],
])('where %s, the entry completes', (_why, drawing, elementId) => {
  expect(go(drawing, at(elementId), { kind: 'deadline' }).stop).toEqual({ kind: 'end', reason: 'completed' });
});

test('visits are counted by element, over all steps of the entry', () => {
  const drawing = draw('start>retag', 'retag>wait', 'wait>retag');
  const first = go(drawing);
  const second = go(drawing, first.standing, { kind: 'deadline' });
  expect(first.standing.visits).toEqual({ retag: 1, wait: 1 });
  expect(second.standing.visits).toEqual({ retag: 2, wait: 2 });
});

test('a circle over a wait ends visibly after 100 visits to one element', () => {
  const drawing = draw('start>wait', 'wait>wait');
  let walked = go(drawing);
  let waits = 0;
  while (walked.stop.kind === 'wait') {
    waits++;
    walked = go(drawing, walked.standing, { kind: 'deadline' });
  }
  expect(walked.stop).toEqual({ kind: 'end', reason: 'loop-limit' });
  expect(waits).toBe(VISITS_MAX);
});

test('a circle of immediate elements ends too, in one step', () => {
  const walked = go(draw('start>rename', 'rename>retag', 'retag>rename'));
  expect(walked.stop).toEqual({ kind: 'end', reason: 'loop-limit' });
  expect(walked.visits).toHaveLength(1 + 2 * VISITS_MAX);
});

test('an entry ends visibly after 1,000 visits in all', () => {
  const visits = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`e${n}`, 100]));
  const walked = go(draw('start>wait', 'wait>end'), { elementId: 'start', visits });
  expect(Object.values(visits).reduce((sum, n) => sum + n)).toBe(STEPS_MAX);
  expect(walked.stop).toEqual({ kind: 'end', reason: 'loop-limit' });
});
