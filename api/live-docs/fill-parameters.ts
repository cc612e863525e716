import type { Latest } from '../../store/latest';
import type { Json, OpenApiDocument, Operation } from './open-api-document';

/** The latest of each kind, by its name; kinds of which there is none are left out. */
type Known = Readonly<Record<string, Latest | undefined>>;

/** Values for what an operation under /v1 needs, by the names of parameters and of fields of bodies. */
const valuesOf = (latest: Known): Record<string, Json> => ({
  ...Object.fromEntries(Object.entries(latest).flatMap(([kind, found]) => (found ? [[`${kind}Id`, found.id]] : []))),
  ...(latest.map?.publishedNumber ? { number: latest.map.publishedNumber } : {}),
  objectTypeId: 0,
});

/** Bodies that name things of the account, by path; what stands for an id is its name. */
const BODIES: Readonly<Record<string, { needs: readonly string[]; from: (values: Record<string, Json>) => Json }>> = {
  '/v1/events': { needs: ['recordId'], from: ({ recordId = '' }) => ({ recordId, name: 'order.shipped' }) },
  '/v1/tasks': { needs: ['recordId'], from: ({ recordId = '' }) => ({ recordId, subject: 'Call back' }) },
  '/v1/forms/{formId}/payments': {
    needs: ['recordId'],
    from: ({ recordId = '' }) => ({ recordId, outcome: 'success' }),
  },
  '/v1/purchases': {
    needs: ['recordId', 'productId'],
    from: ({ recordId = '', productId = '' }) => ({ recordId, items: [{ productId, price: 10 }] }),
  },
};

/**
 * Gives operations under /v1 the ids of the latest of each kind. Deleting and merging stay empty: whoever deletes names what.
 */
export function fillParameters(document: OpenApiDocument, latest: Known): void {
  const values = valuesOf(latest);
  for (const [path, methods] of Object.entries(document.paths)) {
    if (!path.startsWith('/v1/')) continue;
    for (const [method, operation] of Object.entries(methods)) {
      if (method === 'delete' || path.endsWith('/merge')) continue;
      for (const parameter of operation.parameters ?? []) {
        const value = values[parameter.name];
        if (parameter.in === 'path' && value !== undefined) parameter.example = value;
      }
      fillBody(operation, { path, method }, values);
    }
  }
}

/** A body without an example gets one where all that it must have is known. */
function fillBody(
  { requestBody }: Operation,
  { path, method }: { path: string; method: string },
  values: Record<string, Json>,
): void {
  const body = requestBody?.content['application/json'];
  const required = body?.schema?.required as string[] | undefined;
  if (!body || body.example !== undefined || body.examples) return;
  const written = method === 'post' ? BODIES[path] : undefined;
  if (written?.needs.every((name) => values[name] !== undefined)) body.example = written.from(values);
  if (written || !required) return;
  if (required.every((name) => values[name] !== undefined))
    body.example = Object.fromEntries(required.map((name) => [name, values[name]]));
}
