import type { Field, FieldType } from '../schemas/field';
import type { ObjectType } from '../schemas/object-type';

/** A document as JSON. */
type Json = { [key: string]: unknown };
type Document = Json & { paths: Record<string, Record<string, Json>>; components: { schemas: Json } };

/** What an account has of its own. */
export interface OwnThings {
  accountName: string;
  types: readonly ObjectType[];
  /** Its newest ids by the names that parameters and bodies have for them: `recordId` */
  ids: Readonly<Record<string, string>>;
}

const SHAPES: Partial<Record<FieldType, Json>> = {
  numeric: { type: ['number', 'null'] },
  price: { type: ['number', 'null'] },
  check: { type: ['boolean', 'null'] },
  fulldate: { type: ['string', 'null'], description: 'ISO 8601 in UTC, or Unix seconds' },
  list: { type: ['array', 'null'], items: { type: 'string' } },
};

/**
 * The general document with what is the account's own: its object types, custom ones and custom fields included, as
 * shapes of their own, and ids of its own things as examples, so that examples run as they stand.
 *
 * @param general the general OpenAPI document, as JSON; left as it is
 * @throws never
 */
export function describeAccount(general: object, { accountName, types, ids }: OwnThings): object {
  const document = structuredClone(general) as Document;
  const { schemas } = document.components;
  for (const type of types) schemas[fieldsOf(type)] = describeFields(type);
  const each = (describe: (type: ObjectType) => Json): Json => ({ oneOf: types.map(describe) });
  setBody(
    document,
    '/v1/records',
    each((type) => bodyOf(type, {})),
  );
  setBody(
    document,
    '/v1/records/save-or-update',
    each((type) => bodyOf(type, { matchBy: { type: 'string', default: 'email' } })),
  );
  const changes = { fields: { oneOf: types.map((type) => ({ $ref: refOf(type) })) } };
  setBody(document, '/v1/records/{recordId}', { type: 'object', required: ['fields'], properties: changes }, 'patch');
  for (const operations of Object.values(document.paths))
    for (const operation of Object.values(operations)) fillExamples(operation, ids);
  return { ...document, 'x-account-name': accountName };
}

const fieldsOf = ({ name, objectTypeId }: ObjectType): string =>
  `Fields_${name.replace(/[^A-Za-z0-9]+/g, '_')}_${objectTypeId}`;
const refOf = (type: ObjectType): string => `#/components/schemas/${fieldsOf(type)}`;

const describeFields = ({ name, fields }: ObjectType): Json => ({
  type: 'object',
  title: `Fields of a ${name}`,
  additionalProperties: false,
  properties: Object.fromEntries(fields.map((field) => [field.id, describeField(field)])),
});

function describeField({ label, type, options, objectTypeId }: Field): Json {
  const shape = SHAPES[type] ?? { type: ['string', 'null'] };
  const about = objectTypeId === undefined ? label : `${label}: id of a record of object type ${objectTypeId}`;
  const description = [about, shape.description].filter(Boolean).join('. ');
  if (!options) return { ...shape, title: label, description };
  return type === 'list'
    ? { ...shape, items: { type: 'string', enum: options }, title: label, description }
    : { ...shape, enum: [...options, null], title: label, description };
}

const bodyOf = (type: ObjectType, more: Json): Json => ({
  type: 'object',
  title: type.name,
  required: type.objectTypeId === 0 ? [] : ['objectTypeId'],
  properties: {
    objectTypeId: { type: 'integer', const: type.objectTypeId },
    ...more,
    fields: { $ref: refOf(type) },
    tags: { type: 'array', items: { type: 'string' }, description: 'Tags by name; created when missing' },
  },
});

function setBody(document: Document, path: string, schema: Json, method = 'post'): void {
  const operation = document.paths[path]?.[method] as { requestBody?: { content: Record<string, Json> } } | undefined;
  const content = operation?.requestBody?.content['application/json'];
  if (content) content.schema = schema;
}

/** Parameters in the path get the account's newest id; a body that names only such ids gets an example of them. */
function fillExamples(operation: Json, ids: OwnThings['ids']): void {
  for (const parameter of (operation.parameters ?? []) as { in: string; name: string; example?: unknown }[]) {
    const id = ids[parameter.name];
    if (parameter.in === 'path' && id !== undefined) parameter.example = id;
  }
  const body = operation.requestBody as { content?: Record<string, Json> } | undefined;
  const content = body?.content?.['application/json'] as { schema?: Json; example?: unknown } | undefined;
  if (!content || content.example !== undefined) return;
  const required = (content.schema?.required ?? []) as string[];
  const named = required.filter((name) => ids[name] !== undefined);
  if (named.length === 0) return;
  const rest = required
    .filter((name) => ids[name] === undefined)
    .map((name) => [name, name === 'name' ? 'order.shipped' : '']);
  content.example = Object.fromEntries([...named.map((name) => [name, ids[name]]), ...rest]);
}
