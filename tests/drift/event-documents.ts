import { z } from 'zod';
import { buildAsyncApi } from '../../api/asyncapi';
import { RELATIVE_DATE } from '../../domain/ontraport/relative-date';
import { factSchema } from '../../schemas/event';
import { EVENT_ROWS, type EventRow } from '../../schemas/event-catalogue';
import { EVENT_SAMPLES } from '../../schemas/event-samples';
import { EVENT_SPELLINGS } from '../../schemas/event-spellings';
import { listenedEvent } from '../../schemas/listened-event';
import { code, codeOr, showFits, showParameters, showSpellings, table } from './show-items';

const BEFORE_EVENTS = `# Reference of events

Every event in all vocabularies. **Name** is ours, in maps, rules, subscriptions and \`GET /v1/events\`. **Parameters** narrow what is
listened for: one with a ? may be left out, and then any is meant; one with = has a default; one with neither must be given.
**Rule codes**, **map keys** and **subscription** are Ontraport's names or, where it has none, ours: in rule strings and in the JSON of
maps with our parameters in their places (a number there is Ontraport's and stands as it is), and in the API under /1. **Target** is
what the event is about, with its name in payloads. **Object types** are those to whose records it happens; rules, maps and
subscriptions for others are refused. The JSON Schema of each fact is in [schemas/events](schemas/events), what subscriptions are
sent is in [asyncapi.json](asyncapi.json), and how events are handled is in [events.md](events.md).

That a record was deleted is told to subscriptions only: nothing is left of it that a rule or a map could act on. In
\`${RELATIVE_DATE}\` \`unit\` is 0 (days) or 1 (weeks), \`side\` 0 (before) or 1 (after); together with the number they are \`offsetDays\`.
\`anniversary\` is \`isYearly\`.
`;

const sampleOf = (type: string) => EVENT_SAMPLES.find((sample) => sample.type === type);

function cellsOf({ type, title, subscription, target, targetKey, fits }: EventRow): string[] {
  const { rule = [], map = [] } = EVENT_SPELLINGS[type] ?? {};
  const relative = type === 'date-field.reached' ? [code(`${RELATIVE_DATE}(number,unit,side,fieldId)`)] : [];
  return [
    code(type),
    title,
    showParameters(parametersOf(type), ['type']),
    [showSpellings(rule), ...relative].filter(Boolean).join(', '),
    showSpellings(map),
    codeOr(subscription),
    showTarget(target ?? (targetKey === 'object_type_id' ? 'object type' : null), targetKey),
    showFits(fits),
    code(JSON.stringify(sampleOf(type))),
  ];
}

function parametersOf(type: EventRow['type']): Record<string, z.ZodType> {
  const option = listenedEvent.options.find((one) => one.shape.type.value === type);
  if (!option) throw new Error(`no ${type} in schemas/listened-event.ts`);
  return option.shape;
}

const showTarget = (target: string | null, key: string | null): string =>
  `${target ?? ''}${key === null ? '' : ` (${code(key)})`}`;

const HEAD = [
  'name',
  'event',
  'parameters',
  'rule codes',
  'map keys',
  'subscription',
  'target',
  'object types',
  'sample',
];

/** `docs/events-reference.md`: one row for each event. */
export const writeEventsReference = (): string => `${BEFORE_EVENTS}\n${table(HEAD, EVENT_ROWS.map(cellsOf))}`;

const asFile = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** `docs/asyncapi.json`, as a server on this machine serves it. */
export const writeAsyncApi = (): string => asFile(buildAsyncApi('http://localhost:8080'));

/** The JSON Schema of each fact that can be listened for, by the path of its file. */
export const EVENT_SCHEMAS: Record<string, () => string> = Object.fromEntries(
  EVENT_ROWS.map(({ type, title }) => [`docs/schemas/events/${type}.json`, () => asFile(schemaOf(type, title))]),
);

function schemaOf(type: string, title: string): object {
  const option = factSchema.options.find((one) => one.shape.type.value === type);
  if (!option) throw new Error(`no fact ${type} in schemas/event.ts`);
  return { ...z.toJSONSchema(option), title, examples: [sampleOf(type)] };
}
