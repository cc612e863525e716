import { EVENT_ROWS, type EventRow } from '../schemas/event-catalogue';
import { PAYLOAD_FORMATS } from '../schemas/subscription';
import { sampleOf, samplePayload } from './sample-payload';

type Schema = { [key: string]: unknown };

const TEXT: Schema = { type: 'string' };

/** What `event` says beside its type and target, in the formats `default` and `lightweight`. */
const DETAILS: Partial<Record<EventRow['type'], Schema>> = {
  'field.updated': {
    before: { description: 'Value before; null is empty' },
    after: { description: 'Value since; null is empty' },
  },
  'email.clicked': { link: TEXT },
  'sms.received': { text: TEXT },
  'date-field.reached': { offset_days: { type: 'integer' }, date: { type: 'string', format: 'date' } },
  'inbound.received': { data: { type: 'object' } },
  custom: { data: { type: 'object' } },
};

/** Events whose payload has in `data` what was made, not the record it was made for. */
const ABOUT_ITSELF: readonly string[] = ['product.purchased', 'product.refunded', 'transaction.added'];

/** Events that a subscription can be told of. */
export const SUBSCRIBED_ROWS: readonly (EventRow & { subscription: string })[] = EVENT_ROWS.flatMap((row) =>
  row.subscription === null ? [] : [{ ...row, subscription: row.subscription }],
);

const DESCRIPTION = `What Hookline sends to the URLs of subscriptions: one POST for each event, signed as
[Standard Webhooks](https://www.standardwebhooks.com) say, tried up to 10 times, with the same \`webhook-id\` each time.

A subscription chooses how much of the record is in \`data\`: all fields (\`default\`), a few that name it (\`lightweight\`) or
its id alone (\`notify\`). It also chooses the encoding: JSON, or a form in which the same payload is written with brackets:
\`event[type]=sub_tag&event[tag_id]=4\`. The schemas say what JSON holds. Ids are decimal numbers as text, and every value of
\`data\` is text, as the API under /1 shows them.`;

/**
 * The AsyncAPI 3 document of what subscriptions are sent: one message for each event.
 *
 * @param publicUrl address under which people reach the API
 */
export function buildAsyncApi(publicUrl: string): Schema {
  const names = SUBSCRIBED_ROWS.map(({ type }) => type);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Hookline events',
      version: '1',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0' },
      externalDocs: { description: 'The API, where subscriptions are made', url: `${publicUrl}/docs` },
    },
    defaultContentType: 'application/json',
    channels: {
      subscription: {
        address: null,
        title: 'The URL of a subscription',
        description: 'One message for each event that the subscription listens for.',
        messages: refsTo('messages', names),
      },
    },
    operations: {
      tell: {
        action: 'send',
        channel: { $ref: '#/channels/subscription' },
        title: 'Tell a subscriber of an event',
        messages: names.map((name) => ({ $ref: `#/channels/subscription/messages/${name}` })),
        bindings: { http: { method: 'POST', bindingVersion: '0.3.0' } },
      },
    },
    components: {
      messages: Object.fromEntries(SUBSCRIBED_ROWS.map((row) => [row.type, describeMessage(row)])),
      schemas: { Headers: HEADERS, Data: DATA },
    },
  };
}

const refsTo = (part: string, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/${part}/${name}` }]));

const HEADERS: Schema = {
  type: 'object',
  properties: {
    'webhook-id': { type: 'string', description: 'Id of the delivery, the same over all attempts: tell repeats by it' },
    'webhook-timestamp': { type: 'string', description: 'When this attempt was signed, Unix seconds' },
    'webhook-signature': { type: 'string', description: 'One or more signatures, separated by spaces: v1, and base64' },
    'webhook-attempt': { type: 'string', description: '1 to 10' },
  },
  required: ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'webhook-attempt'],
};

const DATA: Schema = {
  type: 'object',
  description: 'The record: its fields by name, all values as text; only the id in the format "notify"',
  properties: { id: { type: 'string', description: 'Decimal id of the record' } },
  required: ['id'],
  additionalProperties: TEXT,
};

function describeMessage(row: EventRow & { subscription: string }): Schema {
  const fact = sampleOf(row.type);
  return {
    name: row.type,
    title: row.title,
    ...(ABOUT_ITSELF.includes(row.type)
      ? { description: '`data` is the purchase or transaction itself, where there is a record of it.' }
      : {}),
    summary: `Subscribed to as ${row.subscription}${row.targetKey === null ? '()' : `(${row.targetKey})`}`,
    contentType: 'application/json',
    headers: { $ref: '#/components/schemas/Headers' },
    payload: describePayload(row),
    examples: [
      ...PAYLOAD_FORMATS.map((format) => ({
        name: format,
        summary: `Format "${format}"`,
        payload: JSON.parse(samplePayload(fact, format, 'json')) as Schema,
      })),
    ],
    'x-form-example': samplePayload(fact, 'lightweight', 'form'),
  };
}

/** The JSON Schema of what is sent for an event, in any format, as JSON. */
export function describePayload(row: EventRow & { subscription: string }): Schema {
  const { type, title, subscription, targetKey } = row;
  return {
    title,
    type: 'object',
    properties: {
      webhook_id: { type: 'string', description: 'Decimal id of the subscription' },
      object_type_id: { type: 'string', description: 'Object type of the record: "0" is a contact' },
      event: {
        type: 'object',
        properties: {
          type: { const: subscription },
          ...(targetKey === null ? {} : { [targetKey]: TEXT }),
          ...DETAILS[type],
        },
        required: ['type', ...(targetKey === null ? [] : [targetKey])],
        additionalProperties: false,
      },
      data: { $ref: '#/components/schemas/Data' },
      timestamp: { type: 'integer', description: 'When it happened, Unix seconds' },
    },
    required: ['webhook_id', 'object_type_id', 'event', 'data', 'timestamp'],
    additionalProperties: false,
  };
}
