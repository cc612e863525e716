import { createServer } from 'node:http';
import { Duplex } from 'node:stream';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyValue, bodyOf, forAll, renderWith, textOf } from '../tests/rendering/render-values';

test('JSON inside quotes: JSON.parse reads the text back, lone surrogates as U+FFFD', () => {
  forAll((given) => {
    const body = bodyOf({ body: '{"a":"<[Notes]>\\"[Notes]","k[Notes]":[{"b":"[Notes]"}],"c":"[Title]"}' }, given);
    const said = textOf(given);
    const parsed = JSON.parse(body) as Record<string, unknown>;
    expect(new Map(Object.entries(parsed))).toEqual(
      new Map<string, unknown>([
        ...Object.entries({ a: `<${said}>"${said}`, c: 'plain' }),
        [`k${said}`, [{ b: said }]],
      ]),
    );
  });
});

test('JSON without quotes: numbers and booleans come back as such, lists and text as text, nothing as null', () => {
  forAll((given) => {
    const body = bodyOf({ body: '{"a": [Notes], "b": [[Notes], "[Title]"]}' }, given);
    const isPlain = typeof given === 'number' || typeof given === 'boolean';
    const said = isPlain ? given : textOf(given) || null;
    // JSON has no -0.
    expect(JSON.parse(body)).toEqual({ a: said === 0 ? 0 : said, b: [said === 0 ? 0 : said, 'plain'] });
  });
});

test('form: URLSearchParams reads name and value back, lone surrogates as U+FFFD', () => {
  forAll((given) => {
    const body = bodyOf({ body: 'a=[Notes]&\nx[Title]=1&b=é [Notes]&[Notes]=2&c=[Title]' }, given);
    expect(body).toMatch(/^[\x21-\x7e]*$/);
    const said = textOf(given);
    const pairs = [
      ['a', said],
      ['x[Title]', '1'],
      ['b', `é ${said}`],
      [said, '2'],
      ['c', 'plain'],
    ];
    expect([...new URLSearchParams(body)]).toEqual(pairs);
  });
});

test('GET: the query holds the form data behind what stands there, read back the same', () => {
  forAll((given) => {
    const { request } = renderWith({ method: 'GET', url: 'https://example.com/?q=1', body: 'a=[Notes]&b=#' }, given);
    expect([...new URL(request?.url ?? '').searchParams]).toEqual([
      ['q', '1'],
      ['a', textOf(given)],
      ['b', '#'],
    ]);
  });
});

test('URL: path segment and query are read back the same; only a value that makes a segment "." or ".." is refused', () => {
  forAll((given) => {
    const url = 'https://example.com/a/[Notes]/x-[Notes]/[Notes]?q=[Notes]&[Notes]=[Title]#f[Notes]';
    const { request, problem } = renderWith({ url }, given);
    const said = textOf(given);
    if (/^\.\.?$/.test(said)) return expect(problem).toMatch(/another path/);
    const sent = new URL(request?.url ?? problem ?? '');
    expect(sent.origin).toBe('https://example.com');
    expect(sent.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'a', said, `x-${said}`, said]);
    expect([...sent.searchParams]).toEqual([
      ['q', said],
      [said, 'plain'],
    ]);
    expect(sent.hash).toBe('');
  });
});

test.each([
  ['.', 'https://example.com/a/[Notes]'],
  ['..', 'https://example.com/a/[Notes]?q=1'],
  ['.', 'https://example.com/a/.[Notes]#f'],
  ['', 'https://example.com/a/..[Notes]'],
  ['.', 'https://example.com/a\\%2E[Notes]'],
])('URL: the value "%s" in %s is refused, since the request would go to another path', (notes, url) => {
  expect(renderWith({ url }, notes).problem).toMatch(/another path/);
});

test('URL: "." and ".." that the settings themselves hold are theirs', () => {
  const { request } = renderWith({ url: 'https://example.com/a/../b/[Notes]' }, 'x');
  expect(request?.url).toBe('https://example.com/b/x');
});

/** What Node's HTTP server reads from a request with these header lines, sent as the HTTP client sends them: as UTF-8. */
const readHeaders = (lines: string[]): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
    const server = createServer({ maxHeaderSize: 1024 * 1024 }, ({ headers }) => {
      socket.destroy();
      server.close();
      resolve(lines.map((_, index) => Buffer.from(String(headers[`x-${index}`]), 'latin1').toString('utf8')));
    });
    server.on('clientError', reject);
    server.emit('connection', socket);
    const head = lines.map((line, index) => `x-${index}: ${line}\r\n`).join('');
    socket.push(Buffer.from(`GET / HTTP/1.1\r\nhost: a\r\n${head}\r\n`, 'utf8'));
  });

test("headers: Node's HTTP server reads one line back: control characters are one blank, blanks at the ends are cut", async () => {
  const given = fc.sample(anyValue, 200);
  const lines = given.map((notes) => {
    const { request } = renderWith(
      {
        headers: [
          { name: 'X-A', value: 'a [Notes] [Title]' },
          { name: 'X-B', value: '[Notes]' },
        ],
      },
      notes,
    );
    return [request?.headers['x-a'] ?? '', request?.headers['x-b'] ?? ''];
  });
  const oneLine = (said: string) => said.replace(/\p{Cc}+/gu, ' ').trim();
  const expected = given.flatMap((notes) => [oneLine(`a ${textOf(notes)} plain`), oneLine(textOf(notes))]);
  expect(await readHeaders(lines.flat())).toEqual(expected);
});

test('plain text: the value stands as it is, lone surrogates as U+FFFD', () => {
  forAll((given) => {
    const headers = [{ name: 'Content-Type', value: 'text/plain' }];
    expect(bodyOf({ body: 'Dear [Notes],\n"[Notes]"', headers }, given)).toBe(
      `Dear ${textOf(given)},\n"${textOf(given)}"`,
    );
  });
});
