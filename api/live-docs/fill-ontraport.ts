import { OBJECT_TYPE, type ObjectType } from '../../schemas/object-type';
import type { LatestKind } from '../../store/latest';
import { hasBody } from '../ontraport/describe-routes';
import { EMPTY_TAG } from '../ontraport/empty-collections';
import type { OntraportRoute } from '../ontraport/route';
import { ONTRAPORT_ROUTES } from '../ontraport/routes';
import type { Shown } from './account-document';
import type { Json, Media, OpenApiDocument, Schema } from './open-api-document';
import { exampleFields, namesOf } from './type-records';

/** Gives operations under /1 the account's fields by name, and the decimal ids of the latest of each kind. */
export function fillOntraport(document: OpenApiDocument, shown: Shown): void {
  const names = namesOf(shown.types);
  for (const [type, name] of names) document.components.schemas[`Text_${name}`] = describeTexts(type);
  for (const route of ONTRAPORT_ROUTES) {
    const operation = document.paths[`/1${route.path}`]?.[route.method];
    if (!operation) continue;
    const types = typesOf(route, shown.types);
    const given = isDeleting(route) || route.tag === EMPTY_TAG ? {} : givenOf(route, shown);
    for (const parameter of operation.parameters ?? []) {
      const value = given[parameter.name];
      if (value !== undefined) parameter.example = value;
    }
    if (hasBody(route))
      for (const media of Object.values(operation.requestBody?.content ?? {}))
        fillBody(media, { route, types, given, names, records: shown.records });
  }
}

/** Whoever deletes names what. */
const isDeleting = ({ method, path }: OntraportRoute): boolean => method === 'delete' || path.endsWith('/unsubscribe');

const typesOf = ({ preset }: OntraportRoute, types: readonly ObjectType[]): readonly ObjectType[] =>
  preset.objectID === undefined ? types : types.filter(({ objectTypeId }) => objectTypeId === preset.objectID);

interface Filling {
  route: OntraportRoute;
  types: readonly ObjectType[];
  given: Record<string, Json>;
  names: ReadonlyMap<ObjectType, string>;
  records: Shown['records'];
}

function fillBody(media: Media, { route, types, given, names, records }: Filling): void {
  const isOpen = route.preset.objectID === undefined;
  if (!route.takesFields) {
    if (media.example === undefined && Object.keys(given).length > 0) media.example = given;
    return;
  }
  const shapes = types.map((type) => withFields(media.schema ?? {}, { type, name: names.get(type) ?? '', isOpen }));
  const [only] = shapes;
  if (only) media.schema = shapes.length === 1 ? only : { oneOf: shapes };
  const exampleFor = (type: ObjectType): { [key: string]: Json } => {
    const record = records.get(type.objectTypeId);
    return {
      ...(isOpen ? { objectID: type.objectTypeId } : {}),
      ...(route.method === 'put' && record ? { id: record.number } : {}),
      ...asText(exampleFields(type)),
    };
  };
  delete media.example;
  media.examples = Object.fromEntries(
    types.map((type) => [type.name, { summary: type.name, value: exampleFor(type) }]),
  );
}

function withFields(
  schema: Schema,
  { type, name, isOpen }: { type: ObjectType; name: string; isOpen: boolean },
): Schema {
  const properties = schema.properties as Record<string, Schema>;
  const objectID = { ...properties.objectID, const: type.objectTypeId, description: type.name };
  const own = { ...schema, properties: { ...properties, ...(isOpen ? { objectID } : {}) } };
  return { title: type.name, allOf: [own, { $ref: `#/components/schemas/Text_${name}` }] };
}

/** Fields of an object type as they are written under /1, where all values are text. */
const describeTexts = ({ plural, fields }: ObjectType): Schema => ({
  type: 'object',
  title: `Fields of ${plural} under /1`,
  properties: Object.fromEntries(fields.map(({ id, label }) => [id, { type: 'string', description: label }])),
});

/** Values are text under /1; dates are Unix seconds, switches 0 or 1. */
const asText = (fields: { [key: string]: Json }): { [key: string]: Json } =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'boolean' ? String(Number(value)) : isInstant(value) ? secondsOf(value) : String(value),
    ]),
  );
const isInstant = (value: Json): value is string => typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value);
const secondsOf = (instant: string): string => String(Date.parse(instant) / 1000);

/** Object types of records that routes are about without saying so; all others are about contacts. */
const TYPES: readonly [RegExp, number][] = [
  [/^\/task\/(?!assign)/, OBJECT_TYPE.task],
  [/^\/transaction\/(?!processManual)/, OBJECT_TYPE.transaction],
];
/** What is paused in examples: rules, by Ontraport's object type. */
const RULES = 6;

const KINDS: readonly [RegExp, LatestKind][] = [
  [/^\/Tags?\b/, 'tag'],
  [/^\/CampaignBuilderItems?\b/, 'map'],
  [/^\/Rules?\b|pause$/, 'rule'],
  [/^\/WebhookLogs?\b/, 'delivery'],
  [/^\/Webhooks?\b/, 'subscription'],
  [/^\/[Ff]orms?\b/, 'form'],
];

/** What a route must be given, and what else it needs to find something, as far as the account has it. */
function givenOf(route: OntraportRoute, { latest, records }: Shown): Record<string, Json> {
  const kind = KINDS.find(([path]) => path.test(route.path))?.[1];
  const type = TYPES.find(([path]) => path.test(route.path))?.[1] ?? Number(route.preset.objectID ?? 0);
  const record = records.get(type);
  const product = records.get(OBJECT_TYPE.product)?.number;
  const number = (kind ? latest[kind] : record)?.number ?? null;
  const tag = latest.tag?.number ?? null;
  const listed = route.path.endsWith('/subscribe') ? (latest.map?.number ?? null) : tag;
  const text = (of: number | null): string | null => (of === null ? null : String(of));
  const values: Record<string, Json> = {
    objectID: /pause$/.test(route.path) ? RULES : 0,
    object_type_id: 0,
    // Deliveries have no decimal ids.
    id: kind === 'delivery' ? (latest.delivery?.id ?? null) : number,
    ids: text(number),
    tag_id: tag,
    add_list: text(listed),
    add_names: 'Customer',
    tag_name: 'Customer',
    email: record?.email ?? null,
    name: kind === 'form' ? (latest.form?.name ?? null) : 'Tell them',
    fields: [[{ alias: 'Favorite Size', type: 'text' }]],
    sub_type: 'Campaign',
    contact_id: number,
    chargeNow: 'chargeLog',
    offer: product ? `{"products":[{"id":${product},"price":5}]}` : null,
    newtime: '1767225600',
    message: '{"subject":"Call back"}',
    ...(tag === null
      ? {}
      : { events: `Contact_added_to_category(${tag})`, actions: `Add_contact_to_category(${tag})` }),
  };
  return Object.fromEntries(
    Object.entries(route.parameters.shape)
      .filter(([name, schema]) => isNeeded(route, name) || !schema.safeParse(undefined).success)
      .flatMap(([name]) => (values[name] === undefined || values[name] === null ? [] : [[name, values[name]]])),
  );
}

/** Optional parameters without which the call has nothing to work on. */
const isNeeded = ({ path, method }: OntraportRoute, name: string): boolean =>
  (method === 'put' && name === 'id') ||
  (method === 'get' && path.endsWith('/tag') && name === 'tag_id') ||
  (path === '/task/assign' && name === 'message');
