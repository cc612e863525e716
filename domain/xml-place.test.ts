import { expect, test } from '@jest/globals';
import { XMLParser } from 'fast-xml-parser';
import { bodyOf, forAll, textOf } from '../tests/rendering/render-values';
import { type XmlPlace, xmlPlaceAfter } from './xml-place';

test.each<[string, XmlPlace]>([
  ['<a>', 'text'],
  ['<a', 'tag'],
  ['<a b="', 'double-quoted'],
  ["<a b='>", 'single-quoted'],
  ['<a b="x>', 'double-quoted'],
  ['<a b="x">', 'text'],
  ['<![CDATA[ <!-- "', 'cdata'],
  ['<![CDATA[ ]]> ', 'text'],
  ['<!-- <![CDATA[', 'comment'],
  ['<!-- <a b=" -->', 'text'],
  ['<?xml version="1.0"', 'instruction'],
  ['<?xml?><a>"', 'text'],
])('%s leads to %s', (text, place) => {
  expect(xmlPlaceAfter(text, 'text')).toBe(place);
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
