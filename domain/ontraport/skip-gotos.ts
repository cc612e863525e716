import { asObject, asText, memberOf } from './map-json';

type Ends = { source: string; target: string };
const isGoto = (node: unknown): boolean => asText(memberOf(asObject(node), 'type')).toLowerCase() === 'goto';

/**
 * A map without its Go To elements: a line that led into one leads to where it jumps. One that jumps nowhere, or in a
 * circle of its kind, stays.
 *
 * @throws never
 */
export function skipGotos(parts: { nodes: readonly unknown[]; edges: readonly unknown[] }): {
  nodes: readonly unknown[];
  edges: readonly unknown[];
} {
  const gotos = new Set(parts.nodes.filter(isGoto).map((node) => asText(memberOf(asObject(node), 'id'))));
  if (gotos.size === 0) return parts;
  const jumps = new Map<string, string>();
  for (const edge of parts.edges) {
    const { source, target } = endsOf(edge);
    if (gotos.has(source) && !jumps.has(source)) jumps.set(source, target);
  }
  const landing = (from: string): string | null => {
    const seen = new Set<string>();
    for (let at = from; !seen.has(at); at = jumps.get(at) ?? '') {
      if (!gotos.has(at)) return at === '' ? null : at;
      seen.add(at);
    }
    return null;
  };
  const skipped = new Map(
    [...gotos].flatMap((id): [string, string][] => {
      const to = landing(id);
      return to === null ? [] : [[id, to]];
    }),
  );
  const edges = parts.edges.flatMap((edge) => {
    const { source, target } = endsOf(edge);
    if (skipped.has(source)) return [];
    const to = skipped.get(target);
    return to === undefined ? [edge] : [{ ...asObject(edge), target: to, to }];
  });
  return { nodes: parts.nodes.filter((node) => !skipped.has(asText(memberOf(asObject(node), 'id')))), edges };
}

function endsOf(edge: unknown): Ends {
  const at = asObject(edge);
  return {
    source: asText(memberOf(at, 'source') ?? memberOf(at, 'from')),
    target: asText(memberOf(at, 'target') ?? memberOf(at, 'to')),
  };
}
