import type { MapDrawing } from '../schemas/automation-map';
import type { Element, ElementKind } from '../schemas/element';

/** An element and where it stands in the drawing. */
export interface Placed {
  index: number;
  element: Element;
}

/** A drawing as a graph. Of elements with one id, or edges at one port, the first counts. */
export interface Graph {
  all: readonly Placed[];
  byId: ReadonlyMap<string, Placed>;
  /** Where an element's ports lead, by its id and then the port */
  paths: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** @throws never */
export function graphOf({ elements, edges }: MapDrawing): Graph {
  const all = elements.map((element, index): Placed => ({ element, index }));
  const byId = new Map<string, Placed>();
  for (const placed of all) if (!byId.has(placed.element.id)) byId.set(placed.element.id, placed);
  const paths = new Map<string, Map<string, string>>();
  for (const { from, port, to } of edges) {
    const ports = paths.get(from) ?? new Map<string, string>();
    if (!ports.has(port)) ports.set(port, to);
    paths.set(from, ports);
  }
  return { all, byId, paths };
}

/** Id of the element behind a port; undefined where nothing is connected. @throws never */
export const pathTo = (graph: Graph, id: string, port: string): string | undefined => graph.paths.get(id)?.get(port);

const nextOf = (graph: Graph, id: string): string[] => [...(graph.paths.get(id)?.values() ?? [])];

/** Kinds by which a record comes onto a map, or to another place on it. */
const ENTRANCES: readonly ElementKind[] = ['trigger', 'goal'];

/** Ids of the elements to which a record can come, triggers and goals included. @throws never */
export const findReachable = (graph: Graph): Set<string> =>
  findBelow(
    graph,
    graph.all.filter(({ element }) => ENTRANCES.includes(element.kind)).map(({ element }) => element.id),
  );

/** Ids of elements and of all to which they lead. @throws never */
export function findBelow(graph: Graph, ids: readonly string[]): Set<string> {
  const reached = new Set<string>();
  const rest = [...ids];
  for (let id = rest.pop(); id !== undefined; id = rest.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    rest.push(...nextOf(graph, id));
  }
  return reached;
}

/**
 * An element of a cycle in which no wait is long enough. Every cycle has a long enough wait exactly when none is left
 * after those waits are taken out; so what cannot be peeled off, from its ends, lies on a cycle or before one.
 *
 * @param secondsMin shortest wait that makes a cycle slow enough
 * @returns null when every cycle has one
 * @throws never
 */
export function findQuickCycle(graph: Graph, secondsMin: number): Placed | null {
  const isSlow = ({ element }: Placed): boolean => element.kind === 'wait' && element.settings.seconds >= secondsMin;
  const left = new Map([...graph.byId].filter(([, placed]) => !isSlow(placed)));
  const ahead = (id: string): string | undefined => nextOf(graph, id).find((next) => left.has(next));
  for (let hasPeeled = true; hasPeeled; ) {
    hasPeeled = false;
    for (const id of left.keys())
      if (ahead(id) === undefined) {
        left.delete(id);
        hasPeeled = true;
      }
  }
  const seen = new Set<string>();
  let id = left.keys().next().value;
  while (id !== undefined && !seen.has(id)) {
    seen.add(id);
    id = ahead(id);
  }
  return id === undefined ? null : (graph.byId.get(id) ?? null);
}
