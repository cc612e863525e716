import { z } from 'zod';
import { createDocument, type ZodOpenApiObject, type ZodOpenApiOperationObject } from 'zod-openapi';
import { ERRORS, type ErrorCode } from '../schemas/error-codes';
import { problemSchema } from '../schemas/problem';
import type { OpenApiDocument } from './live-docs/open-api-document';
import { describeOntraport, ONTRAPORT_COMPONENTS, tagOf } from './ontraport/describe-routes';
import { ONTRAPORT_ROUTES } from './ontraport/routes';
import type { Route } from './route';
import { ROUTES } from './routes';

const DESCRIPTION = `Maps, webhooks and records over HTTP.

Send \`Api-Key\` and \`Api-Appid\` with every request. Lists answer \`{"items": [], "nextCursor": null}\`, newest first; hand
\`nextCursor\` back as \`cursor\`. A POST with an \`Idempotency-Key\` can be repeated for 24 hours: a repeat changes nothing,
gets the same answer, and carries \`Idempotency-Replayed: true\`. Mistakes come back as \`application/problem+json\` with a
\`code\` that never changes its meaning.

What is under \`/1\` speaks as Ontraport's API does: decimal ids, parameters in the query, in JSON or in a form, and the
envelope \`{"code": 0, "data": ..., "account_id": 1}\`. A key may make 180 of these requests a minute unless set
otherwise; \`X-Rate-Limit-Remaining\` says how many are left.

Requests made here act on the account's real data.`;

const problemAnswerSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z
      .number()
      .int()
      .meta({ description: 'The HTTP status', examples: [400] }),
    detail: z.string().meta({ description: 'What went wrong, for people' }),
    code: z
      .enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]])
      .meta({ description: 'What went wrong, for programs' }),
    problems: z.array(problemSchema),
    requestId: z.string().meta({ description: 'Also the header x-request-id; the log has it' }),
  })
  .meta({ id: 'ProblemAnswer' });

const idempotencyKey = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .meta({ description: 'Makes the request repeatable for 24 hours; any printable text, new for each intention' });

const replayed = z
  .string()
  .optional()
  .meta({ description: '"true" when this answer was kept from an earlier request with the same Idempotency-Key' });

/**
 * The OpenAPI 3.1 document, made from the table of routes.
 *
 * @param publicUrl address under which people reach the API
 */
export function buildOpenApi(publicUrl: string): OpenApiDocument {
  const paths = describeOntraport();
  for (const route of ROUTES) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: describe(route) };
  }
  const document = createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Hookline API',
      version: '1',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This server' }, { url: publicUrl }],
    security: [{ ApiKey: [], AppId: [] }],
    tags: [...new Set([...ROUTES.map(({ tag }) => tag), ...ONTRAPORT_ROUTES.map(tagOf)])].map((name) => ({ name })),
    components: {
      ...ONTRAPORT_COMPONENTS,
      securitySchemes: {
        ApiKey: { type: 'apiKey', in: 'header', name: 'Api-Key' },
        AppId: { type: 'apiKey', in: 'header', name: 'Api-Appid' },
      },
    },
    paths: paths as NonNullable<ZodOpenApiObject['paths']>,
  });
  return document as unknown as OpenApiDocument;
}

function describe(route: Route): ZodOpenApiOperationObject {
  const isRepeatable = route.method === 'post' && route.scope === 'key';
  const header = isRepeatable ? z.object({ 'Idempotency-Key': idempotencyKey }) : undefined;
  return {
    operationId: operationIdOf(route),
    tags: [route.tag],
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    ...(route.scope === 'public' ? { security: [] } : {}),
    requestParams: {
      ...(route.params ? { path: route.params as z.ZodObject } : {}),
      ...(route.query ? { query: route.query as z.ZodObject } : {}),
      ...(header ? { header } : {}),
    },
    ...(route.body ? { requestBody: describeBody(route) } : {}),
    responses: {
      [String(route.status) as '200']: {
        description: 'Done',
        ...(isRepeatable ? { headers: z.object({ 'Idempotency-Replayed': replayed }) } : {}),
        content: contentOf(route),
      },
      default: {
        description: 'Not done; "code" and "problems" say why',
        content: { 'application/problem+json': { schema: problemAnswerSchema } },
      },
    },
  };
}

const contentOf = ({ response, streamed }: Route): Record<string, { schema: z.ZodType }> =>
  Object.fromEntries(
    Object.entries(streamed?.contentTypes ?? { 'application/json': response }).map(([type, schema]) => [
      type,
      { schema },
    ]),
  );

const describeBody = (route: Route) => ({
  required: !route.body?.safeParse({}).success,
  content: {
    'application/json': {
      schema: route.body as z.ZodType,
      ...(route.example === undefined ? {} : { example: route.example }),
    },
  },
});

/** `GET /v1/maps/:mapId/versions` is `get-maps-mapId-versions`. */
const operationIdOf = ({ method, path, scope }: Route): string =>
  [method, ...(scope === 'public' ? ['public'] : []), ...path.split('/').filter((part) => part && part !== 'v1')]
    .join('-')
    .replaceAll(':', '');
