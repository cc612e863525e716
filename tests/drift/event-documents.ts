import { z } from 'zod';
import { buildAsyncApi } from '../../api/asyncapi';
import { factSchema } from '../../schemas/event';
import { EVENT_ROWS, type EventRow } from '../../schemas/event-catalogue';
import { EVENT_SAMPLES } from '../../schemas/event-samples';

const BEFORE_EVENTS = `# Reference of events

Every event in all vocabularies. **Name** is ours, in maps, rules, subscriptions and \`GET /v1/events\`. **Rule code**, **map
keys** and **subscription** are Ontraport's names or, where it has none, ours: in rule strings, in the JSON of maps, and in
the API under /1. **Target** is what a listener may name; without one it means any. The JSON Schema of each fact is in
[schemas/events](schemas/events), what subscriptions are sent is in [asyncapi.json](asyncapi.json), and how events are
handled is in [events.md](events.md).
`;

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
const codeOr = (text: string | null): string => (text === null ? '' : code(text));

const sampleOf = (type: string) => EVENT_SAMPLES.find((sample) => sample.type === type);

function rowOf({ type, title, ruleCode, mapKeys, subscription, target, targetKey, isContactsOnly }: EventRow): string {
  const cells = [
    code(type),
    `${title}${isContactsOnly ? ' (contacts only)' : ''}`,
    codeOr(ruleCode),
    mapKeys.map(code).join(', '),
    codeOr(subscription),
    showTarget(target ?? (targetKey === 'object_type_id' ? 'object type' : null), targetKey),
    code(JSON.stringify(sampleOf(type))),
  ];
  return `| ${cells.join(' | ')} |\n`.replaceAll('|  |', '| |').replaceAll('|  |', '| |');
}

const showTarget = (target: string | null, key: string | null): string =>
  `${target ?? ''}${key === null ? '' : ` (${code(key)})`}`;

/** `docs/events-reference.md`: one row for each event. */
export const writeEventsReference = (): string =>
  `${BEFORE_EVENTS}
| name | event | rule code | map keys | subscription | target | sample |
| --- | --- | --- | --- | --- | --- | --- |
${EVENT_ROWS.map(rowOf).join('')}`;

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
