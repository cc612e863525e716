import { createServer } from 'node:http';
import { Duplex } from 'node:stream';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import type { FieldValue } from '../schemas/field';
import { BUILT_IN_OBJECT_TYPES, type ObjectType } from '../schemas/object-type';
import { type WebhookSettings, webhookSettings } from '../schemas/webhook';
import { renderRequest } from './render-request';

const contact = { ...BUILT_IN_OBJECT_TYPES[0], isBuiltIn: true } as ObjectType;
const renderWith = (changes: Partial<WebhookSettings>, notes: FieldValue) =>
  renderRequest(
    webhookSettings.parse({ name: 'n', url: 'https://example.com/hook', ...changes }),
    { id: 'rec_1', fields: { notes, title: 'plain' } },
    contact,
    { id: 'dlv_1', attemptNumber: 1 },
  );
const bodyOf = (changes: Partial<WebhookSettings>, notes: FieldValue): string => {
  const { request, problem } = renderWith(changes, notes);
  if (!request) throw new Error(problem);
  return request.body ?? '';
};

/** What every encoding says of a value: lists with commas, lone surrogates as U+FFFD. */
const textOf = (value: FieldValue): string =>
  (Array.isArray(value) ? value.join(', ') : String(value ?? '')).replace(/\p{Surrogate}/gu, '\ufffd');

const hard = fc.constantFrom(
  ...[
    '"',
    "'",
    '\\',
    '\\u0022',
    '<',
    '>',
    '&',
    '&amp;',
    '&#13;',
    ']]>',
    ']',
    '[',
    '[Email]',
    '<![CDATA[',
    '<!--',
    '-->',
  ],
  ...[
    '--',
    '<?',
    '?>',
    '</a>',
    '\r',
    '\n',
    '\r\n',
    '\t',
    '\0',
    '\u0001',
    '\u007f',
    '\u0085',
    '\u2028',
    '\ufeff',
    '\u00a0',
  ],
  ...['%', '%2e', '%00', '+', ' ', '=', ';', '#', '?', '/', '..', '.', '\\', '{', '}', ':', ',', '|'],
  ...['\ud800', '\udc00', '\ud83d\ude00', 'é', 'é', '你', '\uffff', '\ufffe', 'x', '0'],
);
const text = fc.oneof(
  fc.array(hard, { maxLength: 8 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
const value: fc.Arbitrary<FieldValue> = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.array(text, { maxLength: 3 }) },
);
const forAll = (property: (given: FieldValue) => void) => fc.assert(fc.property(value, property), { numRuns: 200 });

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

/** Characters that no XML document may hold. */
const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const references = (encoded: string): string => {
  if (/&(?!#\d+;)/.test(encoded)) throw new Error(`not well-formed: ${encoded}`);
  return encoded.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
};

/** Reads `<a b="…" c='…'>…</a>` as XML 1.0 says it must be read, and throws on what is not well-formed. */
function readXml(source: string): { b: string; c: string; content: string } {
  if (forbidden.test(source)) throw new Error('a forbidden character');
  const document = source.replace(/\r\n?/g, '\n'); // section 2.11
  const [, b, c, inside] = /^<a b="([^"<]*)" c='([^'<]*)'>([\s\S]*)<\/a>$/.exec(document) ?? [];
  if (b === undefined || c === undefined || inside === undefined) throw new Error(`not well-formed: ${document}`);
  const attribute = (raw: string) => references(raw.replace(/[\t\n]/g, ' ')); // section 3.3.3
  let content = '';
  const token = /<!\[CDATA\[([\s\S]*?)\]\]>|<!--((?:(?!--)[\s\S])*)-->|([^<]+)/y;
  while (token.lastIndex < inside.length) {
    const at = token.lastIndex;
    const [, section, comment, characters] = token.exec(inside) ?? [];
    if (section === undefined && comment === undefined && characters === undefined)
      throw new Error(`not well-formed at ${at}: ${inside}`);
    if (characters?.includes(']]>')) throw new Error('"]]>" in text');
    content += section ?? references(characters ?? '');
  }
  return { b: attribute(b), c: attribute(c), content };
}

test('XML: attributes, elements and CDATA sections are read back the same, line breaks and tabs too; forbidden characters are dropped', () => {
  forAll((given) => {
    const sections = '<![CDATA[<[Notes]]]>]]&#62;<![CDATA[]][Notes]x[Notes]]]>';
    const template = `<a b="[Notes]" c='>[Notes]'>[Notes]<!-- [Notes] [Notes] -->${sections}</a>`;
    const body = bodyOf({ body: template, headers: [{ name: 'content-type', value: 'text/xml' }] }, given);
    const said = textOf(given).replace(forbidden, '');
    expect(readXml(body)).toEqual({ b: said, c: `>${said}`, content: `${said}<${said}]]>]]${said}x${said}` });
  });
});

test('XML: an ordinary parser reads elements and CDATA sections back too', () => {
  const parser = new XMLParser({ trimValues: false, parseTagValue: false, htmlEntities: true });
  forAll((given) => {
    const said = textOf(given).replace(forbidden, '');
    const body = bodyOf({ body: '<r><a>-[Notes]</a><b><![CDATA[-[Notes]]]></b></r>' }, given);
    expect(parser.parse(body)).toEqual({ r: { a: `-${said}`, b: `-${said}` } });
  });
});

/** What Node's HTTP server reads from a request with these header lines, sent as the HTTP client sends them: as UTF-8. */
const readHeaders = (lines: string[]): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const server = createServer({ maxHeaderSize: 1024 * 1024 }, (request) => {
      resolve(lines.map((_, index) => Buffer.from(String(request.headers[`x-${index}`]), 'latin1').toString('utf8')));
    });
    server.on('clientError', reject);
    const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
    server.emit('connection', socket);
    const head = lines.map((line, index) => `x-${index}: ${line}\r\n`).join('');
    socket.push(Buffer.from(`GET / HTTP/1.1\r\nhost: a\r\n${head}\r\n`, 'utf8'));
  });

test("headers: Node's HTTP server reads one line back: control characters are one blank, blanks at the ends are cut", async () => {
  const given = fc.sample(value, 200);
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
