import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RuleStrings } from '../../schemas/rule';
import { testNumbers } from '../../tests/rendering/account-numbers';
import { decodeRule, encodeRule } from './rule-strings';

const read = (strings: Partial<RuleStrings>) => decodeRule(strings, testNumbers);

test('no text makes the reader fail, and what is unknown of it is told with its reason', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
      'Is_in_category(7)',
      'hookline(',
      'Ping_APIURL(',
      '::',
      'hookline(%)',
      ';',
      '|',
      '(',
      ')',
      ',',
      '\0',
      '__proto__()',
      'constructor(1)',
    ),
  );
  const line = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(line, line, line, (events, conditions, actions) => {
      const { parts, problems, unknown } = read({ events, conditions, actions });
      const told = problems.map(({ path, message }) => `${path} ${message}`);
      for (const { path, item, reason } of unknown)
        expect(told).toContain(`${path} "${item.slice(0, 200)}" is not understood: ${reason}`);
      expect(read(encodeRule(parts, testNumbers)).problems).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

test('long and deep strings are refused, not followed', () => {
  const deep = `hookline(${encodeURIComponent(`${'{"kind":"not","of":'.repeat(50_000)}1${'}'.repeat(50_000)}`)})`;
  expect(read({ conditions: deep }).problems[0]?.message).toMatch(/nested too deeply/);
  expect(read({ conditions: 'Is_in_category(7);Is_in_category(7)|'.repeat(50_000) }).problems).toHaveLength(2);
  expect(read({ events: '('.repeat(1_000_000) }).problems).toHaveLength(1);
  expect(read({ events: `a${' '.repeat(1_000_000)}(` }).problems).toHaveLength(1);
  expect(read({ actions: 'Add_contact_to_category(4);Ping_APIURL(1);'.repeat(1000) }).parts.actions).toHaveLength(50);
});
