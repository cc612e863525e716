import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mapDrawing } from '../../schemas/automation-map';
import type { Condition } from '../../schemas/condition';
import type { Element } from '../../schemas/element';
import { idOfNumber, testNumbers } from '../../tests/rendering/account-numbers';
import { decodeMap } from './decode-map';
import { encodeMap } from './encode-map';
import type { MapContext } from './map-context';
import { NODE_KINDS } from './read-node';

const context: MapContext = {
  numbers: testNumbers,
  mapNumber: '140',
  webhookFor: () => ({ problem: 'the address is refused' }),
  urlOf: () => undefined,
};
const tag = (n: number) => idOfNumber('tag', n);

const id = fc.integer({ min: 1, max: 999 });
const chosen = fc.constantFrom('M', '1', 'blue', 'RED', '12', idOfNumber('record', 12));
const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    kind: fc.constant('tag' as const),
    op: fc.constantFrom('has' as const, 'lacks' as const),
    tagId: id.map(tag),
  }),
  fc.record({
    kind: fc.constant('field' as const),
    fieldId: fc.constantFrom('state', 'score', 'birthday', 'colours', 'size', 'employer'),
    op: fc.constantFrom('equals' as const, 'filled' as const, 'less' as const, 'contains' as const),
    value: fc.oneof(fc.string({ maxLength: 9 }), fc.integer(), fc.boolean(), chosen),
  }),
);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  leaf,
  fc.record({
    kind: fc.constantFrom('all' as const, 'any' as const),
    of: fc.array(leaf, { minLength: 1, maxLength: 3 }),
  }),
  leaf.map((of): Condition => ({ kind: 'not', of })),
);
const events = fc.array(
  fc.oneof(
    id.map((n) => ({ type: 'tag.added', tagId: tag(n) })),
    fc.constantFrom(
      { type: 'manual' },
      { type: 'map.added' },
      { type: 'record.deleted' },
      { type: 'date.reached', date: '2026-11-30' },
      { type: 'custom', name: 'a.b' },
      { type: 'field.updated', fieldId: 'state', to: 'CA' },
      { type: 'field.updated', fieldId: 'state', from: 'NV' },
    ),
  ),
  { minLength: 1, maxLength: 4 },
);
const tags = fc.uniqueArray(id.map(tag), { maxLength: 3 });
const settings = fc.oneof(
  fc.record({ kind: fc.constant('trigger'), settings: fc.record({ events, condition }) }),
  fc.record({
    kind: fc.constant('goal'),
    settings: fc.record({
      events,
      condition,
      reach: fc.constantFrom('inside', 'waiting', 'any'),
      onFoot: fc.constantFrom('pass', 'wait'),
    }),
  }),
  fc.record({ kind: fc.constant('condition'), settings: fc.record({ condition }) }),
  fc.record({
    kind: fc.constant('wait'),
    settings: fc.record({ kind: fc.constant('duration'), seconds: fc.integer({ min: 0, max: 10_000_000 }) }),
  }),
  fc.record({ kind: fc.constant('change-tags'), settings: fc.record({ add: tags, remove: tags }) }),
  fc.record({
    kind: fc.constant('change-field'),
    settings: fc.record({
      fieldId: fc.constantFrom('state', 'score', 'colours', 'size', 'notes', 'employer'),
      value: fc.oneof(fc.string(), fc.integer(), chosen, fc.constant(null), fc.array(fc.oneof(fc.string(), chosen))),
    }),
  }),
  fc.record({
    kind: fc.constant('webhook'),
    settings: fc.record({
      webhookId: id.map((n) => idOfNumber('webhook', n)),
      onFailure: fc.constantFrom('continue', 'exit'),
    }),
  }),
  fc.constant({ kind: 'end', settings: {} }),
);
const elementId = fc.constantFrom('start', 'n5', 'n0', 'a-b', 'N1', 'n12');
const drawings = fc
  .record({
    elements: fc.uniqueArray(fc.tuple(elementId, fc.constantFrom('', 'A title'), settings), {
      selector: ([one]) => one,
      maxLength: 6,
    }),
    edges: fc.array(
      fc.record({ from: elementId, port: fc.constantFrom('next', 'yes', 'no', 'failed'), to: elementId }),
      { maxLength: 6 },
    ),
    settings: fc.record({ reentry: fc.constantFrom('once' as const, 'after-leaving' as const, 'always' as const) }),
  })
  .map(({ elements, edges, settings }) => ({
    settings,
    elements: elements.map(([id, title, element]) => ({ id, title, ...element }) as unknown as Element),
    edges: edges.filter(({ from, to }) => [from, to].every((end) => elements.some(([id]) => id === end))),
  }));

test('any drawing reads the same from its JSON', () => {
  fc.assert(
    fc.property(drawings, (given) => {
      const draft = mapDrawing.parse(JSON.parse(JSON.stringify(given)));
      const record = encodeMap({ number: 140, name: 'Any', objectTypeId: 0, isPaused: false, draft }, context);
      const decoded = decodeMap(JSON.parse(JSON.stringify(record)), context);
      if (!('map' in decoded)) throw new Error(JSON.stringify(decoded.problems));
      const { drawing, kept } = decoded.map;
      expect(kept).toEqual([]);
      const hasTrigger = draft.elements.some(({ kind }) => kind === 'trigger' || kind === 'goal');
      // Without a trigger or goal nothing says how records enter again.
      expect(drawing).toEqual(
        hasTrigger || draft.settings.reentry === 'once' ? draft : { ...draft, settings: { reentry: 'after-leaving' } },
      );
    }),
    { numRuns: 500 },
  );
});

test('no JSON makes the reader fail', () => {
  const value = fc.anything({
    maxDepth: 4,
    key: fc.oneof(fc.string(), fc.constantFrom('__proto__', 'type', 'resource', 'a0', 'rule_editor', 'statement')),
  });
  const node = fc.record({
    id: value,
    type: fc.constantFrom(...Object.keys(NODE_KINDS), 'toString'),
    label: value,
    resource: value,
  });
  fc.assert(
    fc.property(
      fc.array(fc.oneof(node, value), { maxLength: 6 }),
      fc.array(value, { maxLength: 4 }),
      value,
      (nodes, edges, resource) => {
        const text = JSON.stringify({ campaign: { nodes, edges, resource } }, (_, inner) =>
          typeof inner === 'bigint' ? 1 : inner,
        );
        const decoded = decodeMap(JSON.parse(text), context);
        if (!('map' in decoded)) return;
        mapDrawing.parse(decoded.map.drawing);
        encodeMap({ number: 1, name: 'x', objectTypeId: 0, isPaused: true, draft: decoded.map.drawing }, context);
      },
    ),
    { numRuns: 500 },
  );
});
