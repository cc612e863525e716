import fc from 'fast-check';
import { renderRequest } from '../../domain/render-request';
import type { FieldValue } from '../../schemas/field';
import { BUILT_IN_OBJECT_TYPES, type ObjectType } from '../../schemas/object-type';
import { type WebhookSettings, webhookSettings } from '../../schemas/webhook';

const contact = { ...BUILT_IN_OBJECT_TYPES[0], isBuiltIn: true } as ObjectType;
/** A request of a contact whose Notes hold a value; Title is always `plain`. */
export const renderWith = (changes: Partial<WebhookSettings>, notes: FieldValue) =>
  renderRequest(
    webhookSettings.parse({ name: 'n', url: 'https://example.com/hook', ...changes }),
    { id: 'rec_1', fields: { notes, title: 'plain' } },
    contact,
    { id: 'dlv_1', attemptNumber: 1 },
  );
/** The body of such a request. */
export const bodyOf = (changes: Partial<WebhookSettings>, notes: FieldValue): string => {
  const { request, problem } = renderWith(changes, notes);
  if (!request) throw new Error(problem);
  return request.body ?? '';
};

/** What every encoding says of a value: lists with commas, lone surrogates as U+FFFD. */
export const textOf = (value: FieldValue): string =>
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
/** What a field may hold, and of it what is hard to write in some language. */
export const anyValue: fc.Arbitrary<FieldValue> = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.array(text, { maxLength: 3 }) },
);
/** Holds a promise against 200 values. */
export const forAll = (property: (given: FieldValue) => void) =>
  fc.assert(fc.property(anyValue, property), { numRuns: 200 });
