import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findAt, parseJsonPath } from './json-path';

const answer = {
  data: { items: [{ id: 7 }, { id: 8 }], 'a b': 1, "it's": 2, 'x-y': 3, '"q"': 4, größe: 5 },
  __proto__x: null,
};
const at = (text: string, value: unknown = answer) => {
  const { path, problem } = parseJsonPath(text);
  return problem ?? findAt(value, path);
};

test.each<[string, unknown]>([
  ['$.data.items[0].id', 7],
  ['$.data.items[-1].id', 8],
  [" $['data']['a b'] ", 1],
  ['$.data["it\'s"]', 2],
  ["$.data['it\\'s']", 2],
  ['$.data.x-y', 3],
  ['$.data[\'"q"\']', 4],
  ['$.data["\\u0061 b"]', 1],
  ['$.data.größe', 5],
  ['$', answer],
  ['$.data.items[2]', undefined],
  ['$.data.items.length', undefined],
  ['$.data[0]', undefined],
  ['$.data.items[0].id.x', undefined],
  ['$.constructor', undefined],
  ['$.__proto__', undefined],
  ['$.__proto__x', null],
  ['$.__proto__x.y', undefined],
])('%s leads to %j', (path, value) => {
  expect(at(path)).toEqual(value);
});

test.each([
  ['data.id', /must start with \$/],
  ['$.', /not understood at "\."/],
  ['$..id', /not understood at "\.\.id": write names as \.id or \['a b'\] and items as \[0\]/],
  ['$.items[*]', /"\[\*\]": .*wildcards/],
  ['$.items[?(@.id==1)]', /filters are not possible/],
  ['$.items[0:2]', /slices/],
  ["$.items['a','b']", /not understood/],
  ['$.items[01]', /not understood/],
  ['$.items.0', /not understood at "\.0"/],
  ["$['a\\q']", /not understood/],
  ['$ .a', /not understood/],
  ["$['a", /not understood/],
])('%s is refused with the place and what may stand there', (path, says) => {
  expect(parseJsonPath(path).problem).toMatch(says);
});

test('any name can be written in quotes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer(), (name, value) => {
      const tree = JSON.parse(JSON.stringify({ a: 1 })) as Record<string, unknown>;
      Object.defineProperty(tree, name, { value, enumerable: true });
      const single = JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
      expect([at(`$[${JSON.stringify(name)}]`, tree), at(`$['${single}']`, tree)]).toEqual([value, value]);
    }),
  );
});

test('never throws, whatever the path', () => {
  const piece = fc.constantFrom('$', '.', '[', ']', "'", '"', '\\', 'a', '0', '-', '\ud800', 'u12');
  fc.assert(fc.property(fc.array(piece), (pieces) => void parseJsonPath(`$${pieces.join('')}`)));
});
