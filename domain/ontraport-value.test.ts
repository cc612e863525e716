import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Field } from '../schemas/field';
import { joinList, optionIdOf, optionOf, readValue, showValue, splitList } from './ontraport-value';

const field = (type: Field['type'], options?: string[]): Field => ({
  id: 'x',
  label: 'X',
  type,
  ...(options ? { options } : {}),
});
const show = (value: Parameters<typeof showValue>[0], of: Field) => showValue(value, of, () => '7');

test('values are shown as Ontraport shows them', () => {
  expect(show('Ada', field('text'))).toBe('Ada');
  expect(show(null, field('text'))).toBe('');
  expect(show(12.5, field('price'))).toBe('12.5');
  expect(show(true, field('check'))).toBe('1');
  expect(show('2026-01-01T00:00:00.000Z', field('fulldate'))).toBe('1767225600');
  expect(show('Blue', field('drop', ['Red', 'Blue']))).toBe('2');
  expect(show(['Red', 'Blue'], field('list', ['Red', 'Blue']))).toBe('*/*1*/*2*/*');
  expect(show('rec_x', field('parent'))).toBe('7');
});

test('an option comes back by its id and by its name', () => {
  const names = fc.uniqueArray(
    fc.string({ minLength: 1 }).filter((name) => !/^\d+$/.test(name)),
    { minLength: 1 },
  );
  fc.assert(
    fc.property(names, fc.nat(), (options, at) => {
      const name = options[at % options.length] ?? '';
      expect(optionOf({ options }, optionIdOf({ options }, name))).toBe(name);
      expect(optionOf({ options }, name)).toBe(name);
    }),
  );
});

test('lists come back as they were written', () => {
  expect(splitList('*/*1*/*')).toEqual(['1']);
  expect(splitList('1, 2')).toEqual(['1', '2']);
  expect(splitList(joinList(['4', '5']))).toEqual(['4', '5']);
  expect(splitList('')).toEqual([]);
});

test('an option whose name is a number comes back by its id', () => {
  const options = ['5', '4', '3', '2', '1', '2026'];
  for (const name of options) expect(optionOf({ options }, optionIdOf({ options }, name))).toBe(name);
  expect(optionOf({ options }, '2026')).toBe('2026');
});

test('what is shown is read back; what is neither an option nor a record stays as it is', () => {
  const read = (given: Parameters<typeof readValue>[0], of: Field) =>
    readValue(given, of, (number) => (number === 7 ? 'rec_x' : undefined));
  const colours = ['Red', 'Blue'];
  expect(read('2', field('drop', colours))).toBe('Blue');
  expect(read('*/*1*/*2*/*', field('list', colours))).toEqual(['Red', 'Blue']);
  expect(read('7', field('parent'))).toBe('rec_x');
  expect(read('7', field('text'))).toBe('7');
  expect([read('', field('text')), read(null, field('list', colours))]).toEqual([null, null]);
  expect([read('8', field('parent')), read('9', field('drop', colours))]).toEqual(['8', '9']);
  expect(read(['1', '9'], field('list', colours))).toEqual(['Red', '9']);
});
