import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseBrackets } from './parse-brackets';

const valuesOf = (text: string): unknown => {
  const parsed = parseBrackets(text);
  return 'values' in parsed ? JSON.parse(JSON.stringify(parsed.values)) : parsed;
};

test('plain names, lists and objects in brackets are read', () => {
  expect(valuesOf('objectID=0&email=ada%40example.com&name=Ada+L')).toEqual({
    objectID: '0',
    email: 'ada@example.com',
    name: 'Ada L',
  });
  expect(valuesOf('ids[]=1&ids[]=2&ids%5B%5D=3')).toEqual({ ids: ['1', '2', '3'] });
  expect(valuesOf('fields[0][0][alias]=Color&fields[0][0][type]=text')).toEqual({
    fields: [[{ alias: 'Color', type: 'text' }]],
  });
  expect(valuesOf('a[x]=1&a[y]=2&b[5]=1')).toEqual({ a: { x: '1', y: '2' }, b: { '5': '1' } });
});

test('of two values under one name the later one stays', () => {
  expect(valuesOf('a=1&a=2')).toEqual({ a: '2' });
  expect(valuesOf('a=1&a[b]=2')).toEqual({ a: { b: '2' } });
});

test('brackets that do not close are part of the name', () => {
  expect(valuesOf('a[b=1&[x]=2')).toEqual({ 'a[b': '1', '[x]': '2' });
});

test('broken sequences, too many and too deep parameters are said', () => {
  expect(valuesOf('a=%zz')).toEqual({ mistake: expect.stringContaining('broken %-sequence') });
  expect(valuesOf('a=1&'.repeat(2001))).toEqual({ mistake: expect.stringContaining('2000') });
  expect(valuesOf(`a${'[b]'.repeat(9)}=1`)).toEqual({ mistake: expect.stringContaining('levels') });
});

test('names with a meaning in JavaScript change nothing', () => {
  valuesOf('__proto__[polluted]=1&constructor[prototype][polluted]=1');
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('any text is read or refused, and flat parameters come back as they were', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseBrackets(text)));
  const name = fc.string({ minLength: 1 }).filter((text) => !/[[\]]/.test(text));
  fc.assert(
    fc.property(fc.dictionary(name, fc.string()), (given) => {
      const text = new URLSearchParams(given).toString();
      expect(valuesOf(text)).toEqual({ ...given });
    }),
  );
});
