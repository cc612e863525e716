/** What a place in an XML document is inside of; it decides how a value is written there. */
export type XmlPlace = 'text' | 'tag' | 'double-quoted' | 'single-quoted' | 'cdata' | 'comment' | 'instruction';

/** For each place the marks that end it, and the place behind them. */
const LEADS_TO: Record<XmlPlace, readonly [mark: string, place: XmlPlace][]> = {
  text: [
    ['<![CDATA[', 'cdata'],
    ['<!--', 'comment'],
    ['<?', 'instruction'],
    ['<', 'tag'],
  ],
  tag: [
    ['"', 'double-quoted'],
    ["'", 'single-quoted'],
    ['>', 'text'],
  ],
  'double-quoted': [['"', 'tag']],
  'single-quoted': [["'", 'tag']],
  cdata: [[']]>', 'text']],
  comment: [['-->', 'text']],
  instruction: [['?>', 'text']],
};

/**
 * Where a document stands after reading on over `text`. Values that were filled in before are not read: escaped as they
 * are, they end nothing.
 *
 * @param before the place before `text`; "text" at the start of a document
 * @throws never
 */
export function xmlPlaceAfter(text: string, before: XmlPlace): XmlPlace {
  let place = before;
  for (let at = 0; at < text.length; ) {
    const found = LEADS_TO[place].find(([mark]) => text.startsWith(mark, at));
    if (found) place = found[1];
    at += found?.[0].length ?? 1;
  }
  return place;
}

/**
 * A value as a place takes it. Characters that XML forbids are dropped. Line breaks and tabs are written as references
 * where a parser would make blanks of them: in attributes, and a carriage return everywhere.
 *
 * @param text without lone surrogates
 * @throws never
 * @source Extensible Markup Language 1.0, sections 2.2, 2.5, 2.7, 2.11 and 3.3.3
 */
export function encodeXml(text: string, place: XmlPlace): string {
  const allowed = text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '');
  switch (place) {
    case 'text':
      return references(allowed, /[&<>"'\r]/g);
    case 'tag':
    case 'double-quoted':
    case 'single-quoted':
      return references(allowed, /[&<>"'\t\n\r]/g);
    case 'comment': // two hyphens would end it; references are not read here, but keep the document whole
    case 'instruction':
      return references(allowed, /[&<>"'\r?-]/g);
    case 'cdata':
      // A section cannot hold `]]>`, so it is closed and opened again behind every `]`, and before a leading `>`.
      return allowed.replace(/\]|^>|\r/g, (c) =>
        c === ']' ? ']]]><![CDATA[' : c === '\r' ? ']]>&#13;<![CDATA[' : ']]><![CDATA[>',
      );
  }
}

const references = (text: string, characters: RegExp): string =>
  text.replace(characters, (character) => `&#${character.charCodeAt(0)};`);
