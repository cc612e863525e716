import type { MapDrawing } from '../schemas/automation-map';
import { type Element, type ElementKind, PORTS } from '../schemas/element';
import type { Problem } from '../schemas/problem';
import { checkElement } from './check-element';
import type { Known } from './check-reference';
import { warnOfVariables } from './check-variables';
import { findQuickCycle, findReachable, type Graph, graphOf, pathTo } from './map-graph';

/** A cycle without this much waiting could run as fast as the engine can. Source: docs/maps.md, publish checks. */
const CYCLE_SECONDS_MIN = 60;
const IMMEDIATE: readonly ElementKind[] = ['change-tags', 'change-field', 'webhook'];

/** @param at the element a problem is about; "" for the whole map */
export type Say = (
  at: { index: number; element: Element } | null,
  path: string,
  message: string,
  isWarning?: true,
) => void;

/**
 * What stands in the way of publishing a drawing, all of it at once, and what is odd about it.
 *
 * @returns problems with paths as in the drawing: `elements.2.settings.webhookId`; errors block, warnings do not
 * @throws never
 * @source docs/maps.md, publish checks
 */
export function checkMap(drawing: MapDrawing, known: Known): Problem[] {
  const problems: Problem[] = [];
  const say: Say = (at, path, message, isWarning) =>
    problems.push({
      path: at ? [`elements.${at.index}`, path].filter(Boolean).join('.') : path,
      message,
      ...(at ? { elementId: at.element.id } : {}),
      severity: isWarning ? 'warning' : 'error',
    });
  const graph = graphOf(drawing);
  checkIds(drawing, say);
  checkEdges(drawing, graph, say);
  checkPorts(graph, say);
  checkReach(graph, say);
  checkCycles(graph, say);
  for (const [index, element] of drawing.elements.entries()) checkElement({ index, element }, known, say);
  warnOfOddities(graph, say);
  warnOfVariables(graph.all, known, say);
  return problems;
}

function checkIds({ elements }: MapDrawing, say: Say): void {
  if (!elements.some(({ kind }) => kind === 'trigger'))
    say(null, 'elements', 'The map has no trigger; add one, so that records can enter.');
  const seen = new Set<string>();
  for (const [index, element] of elements.entries()) {
    if (seen.has(element.id))
      say({ index, element }, 'id', `Another element has the id "${element.id}"; ids must differ.`);
    seen.add(element.id);
  }
}

function checkEdges({ edges }: MapDrawing, { byId }: Graph, say: Say): void {
  const taken = new Set<string>();
  for (const [index, { from, port, to }] of edges.entries()) {
    const [source, target] = [byId.get(from), byId.get(to)];
    const tell = (field: string, message: string): void => say(null, `edges.${index}.${field}`, message);
    if (!source) tell('from', `A line starts at "${from}", but no element has this id.`);
    if (!target) tell('to', `A line leads to "${to}", but no element has this id.`);
    if (source && !portsOf(source.element).includes(port))
      say(
        source,
        '',
        `${nameOf(source.element)} has no port "${port}"; it has ${portsOf(source.element).join(', ') || 'none'}.`,
      );
    if (target?.element.kind === 'trigger')
      say(target, '', 'Nothing may lead into a trigger; records enter the map there.');
    if (source && taken.has(`${from} ${port}`))
      say(source, '', `Two lines leave ${nameOf(source.element)} by "${port}"; keep one.`);
    taken.add(`${from} ${port}`);
  }
}

function checkPorts(graph: Graph, say: Say): void {
  for (const at of graph.all) {
    const open = PORTS[at.element.kind].required.filter((port) => pathTo(graph, at.element.id, port) === undefined);
    for (const port of open)
      say(
        at,
        '',
        at.element.kind === 'trigger'
          ? `${nameOf(at.element)} leads nowhere; connect it with the first element.`
          : `${nameOf(at.element)} has nothing behind "${port}"; connect it, with an end if nothing is to follow.`,
      );
  }
}

function checkReach(graph: Graph, say: Say): void {
  const reached = findReachable(graph);
  for (const at of graph.all)
    if (!reached.has(at.element.id))
      say(at, '', `No trigger leads to ${nameOf(at.element)}; connect it or take it off the map.`);
}

function checkCycles(graph: Graph, say: Say): void {
  const cycle = findQuickCycle(graph, CYCLE_SECONDS_MIN);
  if (cycle)
    say(
      cycle,
      '',
      `${nameOf(cycle.element)} is part of a loop without a wait of at least ${CYCLE_SECONDS_MIN} seconds; add one to the loop.`,
    );
}

function warnOfOddities(graph: Graph, say: Say): void {
  for (const at of graph.all) {
    const { element } = at;
    const next = graph.byId.get(pathTo(graph, element.id, 'next') ?? '')?.element;
    if (element.kind === 'condition') {
      const yes = pathTo(graph, element.id, 'yes');
      if (yes !== undefined && yes === pathTo(graph, element.id, 'no'))
        say(at, '', `Both branches of ${nameOf(element)} lead to the same element, so it decides nothing.`, true);
    }
    if (element.kind === 'webhook' && pathTo(graph, element.id, 'failed') === undefined)
      say(
        at,
        '',
        `${nameOf(element)} has nothing behind "failed"; when it fails the record goes on or leaves, as set.`,
        true,
      );
    if (next && IMMEDIATE.includes(element.kind) && next.kind === element.kind && isSameAction(element, next))
      say(at, '', `${nameOf(element)} and the element after it do the same.`, true);
  }
}

const isSameAction = (one: Element, other: Element): boolean =>
  one.id !== other.id && JSON.stringify(one.settings) === JSON.stringify(other.settings);
const portsOf = ({ kind }: Element): string[] => [...PORTS[kind].required, ...PORTS[kind].optional];
const nameOf = (element: Element): string => `"${element.title || element.id}"`;
