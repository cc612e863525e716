import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiParameterObject, ZodOpenApiSchemaObject } from 'zod-openapi';
import type { OntraportRoute } from './route';
import { ONTRAPORT_ROUTES } from './routes';

/** A schema that is written out, not taken from zod. */
type Shape = Exclude<ZodOpenApiSchemaObject, { _zod: unknown }>;

/** Before the tags of this API in the documents, where both APIs have tags of one name. */
export const tagOf = ({ tag }: Pick<OntraportRoute, 'tag'>): string => `/1 ${tag}`;

/** Parts that every operation under /1 refers to. */
export const ONTRAPORT_COMPONENTS = {
  headers: {
    'X-Rate-Limit-Limit': { description: 'Requests that a key may make in a minute', schema: { type: 'integer' } },
    'X-Rate-Limit-Remaining': { description: 'Requests that are left of the minute', schema: { type: 'integer' } },
    'X-Rate-Limit-Reset': { description: 'Seconds until the minute begins anew', schema: { type: 'integer' } },
  },
  schemas: {
    OntraportFailure: {
      type: 'object',
      properties: {
        code: { type: 'integer', description: 'The HTTP status' },
        data: { type: 'string', description: 'What went wrong' },
        account_id: { type: ['integer', 'null'] },
      },
      required: ['code', 'data', 'account_id'],
    } satisfies Shape,
  },
} as const;

const headers = Object.fromEntries(
  Object.keys(ONTRAPORT_COMPONENTS.headers).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
);

/** The operations of the API under /1 by path and method, for the OpenAPI document. */
export function describeOntraport(): Record<string, Record<string, ZodOpenApiOperationObject>> {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of ONTRAPORT_ROUTES) {
    const path = `/1${route.path}`;
    paths[path] = { ...paths[path], [route.method]: describe(route) };
  }
  return paths;
}

const describe = (route: OntraportRoute): ZodOpenApiOperationObject => ({
  operationId: `ontraport-${route.method}${route.path.replaceAll('/', '-')}`,
  tags: [tagOf(route)],
  summary: route.summary,
  ...(route.description ? { description: route.description } : {}),
  ...(hasBody(route) ? { requestBody: describeBody(route) } : { parameters: describeQuery(route) }),
  responses: {
    '200': {
      description: 'Done',
      headers: isList(route) ? { ...headers, Link } : headers,
      content: { 'application/json': { schema: describeAnswer(route) } },
    },
    default: {
      description: 'Not done; "data" says why',
      headers,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/OntraportFailure' } } },
    },
  },
});

const Link = {
  description: 'Where there are more rows than "range": the next ones, as rel="next"',
  schema: { type: 'string' },
} as const;
const isList = ({ method, parameters, path }: OntraportRoute): boolean =>
  method === 'get' && 'range' in parameters.shape && !path.endsWith('/getInfo');

/** Every call takes its parameters from query and body alike; the document shows the usual place. */
export const hasBody = ({ method }: Pick<OntraportRoute, 'method'>): boolean => method === 'post' || method === 'put';

const describeQuery = ({ parameters, example }: OntraportRoute): ZodOpenApiParameterObject[] =>
  Object.entries(parameters.shape).map(([name, schema]) => ({
    name,
    in: 'query',
    required: isRequired(schema),
    schema: shapeOf(schema),
    ...(example && name in example ? { example: example[name] } : {}),
  }));

function describeBody({ parameters, takesFields, example }: OntraportRoute) {
  const shape = Object.entries(parameters.shape);
  const required = shape.filter(([, schema]) => isRequired(schema)).map(([name]) => name);
  const content = {
    schema: {
      type: 'object',
      properties: Object.fromEntries(shape.map(([name, schema]) => [name, shapeOf(schema)])),
      ...(required.length > 0 ? { required } : {}),
      ...(takesFields ? { description: 'Beside these, values of fields by their names' } : {}),
    } satisfies Shape,
    ...(example ? { example } : {}),
  };
  return {
    required: required.length > 0,
    content: { 'application/json': content, 'application/x-www-form-urlencoded': content },
  };
}

const describeAnswer = ({ answer, parameters }: OntraportRoute): Shape => ({
  type: 'object',
  properties: {
    code: { type: 'integer', const: 0 },
    data: { examples: [answer] } as Shape,
    account_id: { type: 'integer' },
    ...('count' in parameters.shape
      ? { count: { type: 'integer', description: 'Rows that match in all, where "count" was 1' } as const }
      : {}),
  },
  required: ['code', 'data', 'account_id'],
});

const isRequired = (schema: z.ZodType): boolean => !schema.safeParse(undefined).success;

/** The JSON Schema of a parameter as clients write it: lists are text with commas, switches are 0 or 1. */
function shapeOf(schema: z.ZodType): Shape {
  const { $schema: _, default: byDefault, ...shape } = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
  const { description } = shape;
  const said = description === undefined ? {} : { description };
  if (typeof byDefault === 'boolean') return { ...said, type: 'integer', enum: [0, 1], default: Number(byDefault) };
  const isListOfOne = shape.type === 'array' && isText(shape.items);
  if (isListOfOne) return { ...said, type: 'string' };
  return { ...shape, ...(byDefault === undefined ? {} : { default: byDefault }) } as Shape;
}

const isText = (items: unknown): boolean => ['string', 'integer'].includes((items as { type?: string })?.type ?? '');
