import { expect, test } from '@jest/globals';
import { csvLine } from './csv-line';

test('cells with commas, quotes or line breaks are quoted, and quotes doubled', () => {
  expect(csvLine(['a', 'b,c', 'say "hi"', 'two\nlines', 'cr\rhere', null, 200])).toBe(
    'a,"b,c","say ""hi""","two\nlines","cr\rhere",,200\r\n',
  );
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '\nx', '＝1'])(
  'a spreadsheet does not run %j as a formula',
  (text) => {
    expect(csvLine([text])).toMatch(/^"?'/);
  },
);

test('numbers stay numbers, and signs inside a text stay as they are', () => {
  expect(csvLine([-5, 'a=b', '1-2'])).toBe('-5,a=b,1-2\r\n');
});
