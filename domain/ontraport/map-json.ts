/** A JSON object of which nothing is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const asObject = (value: unknown): JsonObject | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;

/** A text, or a number as text; '' for anything else. @throws never */
export const asText = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

/** A member of its own, never one that every object has. @throws never */
export const memberOf = (object: JsonObject | null, name: string): unknown =>
  object && Object.hasOwn(object, name) ? object[name] : undefined;

/** Whether a setting says nothing: absent, '', 0, false, an empty list or object. @throws never */
export const saysNothing = (value: unknown): boolean =>
  typeof value === 'object'
    ? value === null || Object.keys(value).length === 0
    : value === undefined || value === false || value === 0 || value === '' || value === '0';

/** Names of the settings that say something and are not among the known ones. @throws never */
export const unknownIn = (object: JsonObject, known: readonly string[]): string[] =>
  Object.keys(object).filter((name) => !known.includes(name) && !saysNothing(object[name]));

/** Nodes and edges of a map, wherever they stand, and the map's own settings. */
export interface MapParts {
  nodes: readonly unknown[];
  edges: readonly unknown[];
  resource: JsonObject;
}

/**
 * Finds nodes and edges: in `campaign` (an object or JSON text), there under `elements`, or at the top.
 *
 * @returns null when there are none
 * @throws never
 * @source reference section 3E
 */
export function findMapParts(record: JsonObject): MapParts | null {
  const campaign = asObject(parseText(memberOf(record, 'campaign')));
  for (const place of [campaign, record]) {
    for (const within of [place, asObject(parseText(memberOf(place, 'elements')))]) {
      const [nodes, edges] = [parseText(memberOf(within, 'nodes')), parseText(memberOf(within, 'edges'))];
      if (Array.isArray(nodes))
        return {
          nodes,
          edges: Array.isArray(edges) ? edges : [],
          resource: asObject(memberOf(place, 'resource')) ?? {},
        };
    }
  }
  return null;
}

function parseText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}
