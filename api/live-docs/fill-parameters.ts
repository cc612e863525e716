import type { Latest, LatestOfEach } from '../../store/latest';
import type { Json, OpenApiDocument, Operation } from './open-api-document';

type Known = LatestOfEach & { record?: Latest };

/** Values for what an operation under /v1 needs, by the names of parameters and of fields of bodies. */
const valuesOf = (latest: Known): Record<string, Json> => ({
  ...Object.fromEntries(Object.entries(latest).map(([kind, { id }]) => [`${kind}Id`, id])),
  ...(latest.map?.publishedNumber ? { number: latest.map.publishedNumber } : {}),
  objectTypeId: 0,
});

/** What bodies need beside ids. */
const SAMPLES: Record<string, Json> = { name: 'order.shipped' };

/**
 * Gives operations under /v1 the ids of the latest of each kind. Deleting stays empty: whoever deletes names what.
 */
export function fillParameters(document: OpenApiDocument, latest: Known): void {
  const values = valuesOf(latest);
  for (const [path, methods] of Object.entries(document.paths)) {
    if (!path.startsWith('/v1/')) continue;
    for (const [method, operation] of Object.entries(methods)) {
      if (method === 'delete') continue;
      for (const parameter of operation.parameters ?? []) {
        const value = values[parameter.name];
        if (parameter.in === 'path' && value !== undefined) parameter.example = value;
      }
      fillBody(operation, { ...SAMPLES, ...values });
    }
  }
}

/** A body without an example gets one where all that it must have is known. */
function fillBody({ requestBody }: Operation, values: Record<string, Json>): void {
  const body = requestBody?.content['application/json'];
  const required = body?.schema?.required as string[] | undefined;
  if (!body || body.example !== undefined || body.examples || !required) return;
  if (required.every((name) => values[name] !== undefined))
    body.example = Object.fromEntries(required.map((name) => [name, values[name]]));
}
