import { expect, test } from '@jest/globals';
import type { Field } from '../schemas/field';
import { formSettings } from '../schemas/form';
import { readSubmission } from './read-submission';

const fields: Field[] = [
  { id: 'email', label: 'Email', type: 'email' },
  { id: 'city', label: 'City', type: 'text' },
  { id: 'agreed', label: 'Agreed', type: 'check' },
  { id: 'colors', label: 'Colors', type: 'list' },
  { id: 'lreferrer', label: 'Last Referrer', type: 'text' },
  { id: 'constructor', label: 'Constructor', type: 'text' },
];
const settings = formSettings.parse({
  name: 'Contact us',
  fields: [
    { fieldId: 'email', isRequired: true },
    { fieldId: 'city' },
    { fieldId: 'agreed', isRequired: true },
    { fieldId: 'colors' },
    { fieldId: 'lreferrer', isHidden: true, value: 'autumn' },
    { fieldId: 'constructor' },
  ],
});
const read = (posted: Record<string, unknown>) => readSubmission(settings, posted, fields);

test('unknown names are ignored, hidden fields keep their value, empty ones are not given', () => {
  const posted = {
    email: 'ada@example.com',
    city: ' ',
    spent: '1000',
    lreferrer: 'me',
    agreed: ['0', '1'],
    colors: ['red', 'blue'],
  };
  expect(read(posted)).toEqual({
    values: { email: 'ada@example.com', agreed: '1', colors: ['red', 'blue'], lreferrer: 'autumn' },
    problems: [],
  });
});

test('each required field without a value is told, a box that is not ticked included', () => {
  expect(read({ email: '', agreed: '0' }).problems.map(({ path }) => path)).toEqual(['email', 'agreed']);
});

test('what no field can hold is a problem, never a value', () => {
  const { problems, values } = read({ email: { $ne: '' }, city: ['a', 'b'], agreed: true });
  expect(problems.map(({ path }) => path)).toEqual(['email', 'city']);
  expect(values).toEqual({ agreed: true, lreferrer: 'autumn' });
});
