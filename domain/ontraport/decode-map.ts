import type { MapDrawing, Reentry } from '../../schemas/automation-map';
import { type Edge, type Element, elementSchema, PLACEHOLDER_CHARS_MAX } from '../../schemas/element';
import { parseShape } from '../../schemas/parse-shape';
import type { Problem } from '../../schemas/problem';
import type { MapContext } from './map-context';
import { asObject, asText, findMapParts, type JsonObject, memberOf } from './map-json';
import { elementIdsOf } from './node-ids';
import { ENTERED, NODE_KINDS, REENTRY_OF, REPEAT } from './read-node';
import { skipGotos } from './skip-gotos';

const NODES_MAX = 500;
const EDGES_MAX = 2000;
const TITLE_CHARS = 80;
const REASON_CHARS = 300;
const PORT_CHARS = 40;
/** Kinds of edge that lead on by the usual way out */
const NEXT_PORTS = ['', 'default', 'next', 'goto', 'waitproceed'];

/** A map of Ontraport as one of ours; `kept` names the elements that are not understood, which stand in it as they came. */
export interface DecodedMap {
  name: string;
  objectTypeId: number;
  drawing: MapDrawing;
  kept: { elementId: string; type: string; reason: string }[];
}

/**
 * Reads a map (CampaignBuilderItem) as Ontraport's API gives it.
 *
 * @param record the map with its `campaign`, in any of the spellings that are in use
 * @returns the map, or what keeps it from being read at all
 * @throws never
 * @source reference sections 1B, 2D and 3E, docs/ontraport-codecs.md
 */
export function decodeMap(record: JsonObject, context: MapContext): { map: DecodedMap } | { problems: Problem[] } {
  const parts = findMapParts(record);
  if (!parts) return refuse('campaign', 'must hold "nodes" and "edges", as a JSON object or as its text');
  const objectType = asText(memberOf(record, 'object_type_id')) || '0';
  if (!/^\d{1,7}$/.test(objectType)) return refuse('object_type_id', 'must be the decimal id of an object type');
  const { nodes: given, edges } = skipGotos(parts);
  if (given.length > NODES_MAX) return refuse('campaign.nodes', `must be at most ${NODES_MAX}`);
  if (edges.length > EDGES_MAX) return refuse('campaign.edges', `must be at most ${EDGES_MAX}`);
  const nodes = given.map((node) => asObject(node) ?? { value: node });
  const tooLong = nodes.findIndex((node) => JSON.stringify(node).length > PLACEHOLDER_CHARS_MAX);
  if (tooLong >= 0)
    return refuse(`campaign.nodes.${tooLong}`, `must be at most ${PLACEHOLDER_CHARS_MAX} characters as JSON`);

  const nodeIds = nodes.map((node) => asText(memberOf(node, 'id')));
  const ids = elementIdsOf(nodeIds);
  const idOf = new Map(nodeIds.map((nodeId, index) => [nodeId, ids[index] ?? '']));
  const reentry = reentryOf(parts.resource, nodes);
  const elements = nodes.map((node, index) => readNode(node, ids[index] ?? '', { context, reentry }));
  const kept = elements.flatMap((element) =>
    element.kind === 'placeholder'
      ? [{ elementId: element.id, type: element.settings.type, reason: element.settings.reason }]
      : [],
  );
  const name = asText(memberOf(record, 'name')).trim().slice(0, 100) || 'Imported map';
  const read = edges.map((edge) => readEdge(edge, idOf));
  return {
    map: { name, objectTypeId: Number(objectType), drawing: { elements, edges: read, settings: { reentry } }, kept },
  };
}

const refuse = (path: string, message: string) => ({ problems: [{ path, message }] });

function readNode(
  node: JsonObject,
  id: string,
  { context, reentry }: { context: MapContext; reentry: Reentry },
): Element {
  const type = asText(memberOf(node, 'type'));
  const label = asText(memberOf(node, 'label'));
  const title = label.trim().slice(0, TITLE_CHARS).trim();
  const resource = asObject(memberOf(node, 'resource') ?? memberOf(node, 'data')) ?? {};
  const kind = Object.hasOwn(NODE_KINDS, type.toLowerCase()) ? NODE_KINDS[type.toLowerCase()] : undefined;
  const keep = (reason: string): Element => ({
    id,
    title,
    kind: 'placeholder',
    settings: {
      source: 'ontraport',
      type: type.slice(0, 100),
      raw: JSON.stringify(node),
      reason: reason.slice(0, REASON_CHARS),
    },
  });
  if (!kind) return keep(`elements of type "${type.slice(0, 100)}" have no counterpart here`);
  const own = memberOf(resource, 'hookline');
  const read = own === undefined ? kind.read(resource, context, title) : { value: own };
  if ('problem' in read) return keep(read.problem);
  const repeats = ENTERED.includes(kind.kind) && own === undefined ? asText(resource[REPEAT]) || 'ignore' : null;
  if (repeats !== null && memberOf(REENTRY_OF, repeats) !== reentry && !(reentry === 'once' && repeats === 'ignore'))
    return keep(`"${repeats.slice(0, 40)}" for who is inside already differs from the first trigger, or is not known`);
  const parsed = parseShape(elementSchema, { id, title, kind: kind.kind, settings: read.value });
  return 'value' in parsed ? parsed.value : keep(parsed.problem);
}

/** The map's own word, or that of its first trigger, or goal where it has no trigger. */
function reentryOf(resource: JsonObject, nodes: readonly JsonObject[]): Reentry {
  const own = memberOf(asObject(memberOf(resource, 'hookline')), 'reentry');
  if (own === 'once' || own === 'after-leaving' || own === 'always') return own;
  const typed = (type: string) => nodes.find((node) => asText(memberOf(node, 'type')).toLowerCase() === type);
  const first = typed('trigger') ?? typed('goal');
  const repeats = asText(memberOf(asObject(memberOf(first ?? {}, 'resource')), REPEAT));
  return Object.hasOwn(REENTRY_OF, repeats) ? (REENTRY_OF[repeats] ?? 'after-leaving') : 'after-leaving';
}

function readEdge(given: unknown, idOf: ReadonlyMap<string, string>): Edge {
  const edge = asObject(given) ?? {};
  const end = (names: string[]): string => {
    const nodeId = names.map((name) => asText(memberOf(edge, name))).find((text) => text !== '') ?? '';
    return idOf.get(nodeId) ?? nodeId.slice(0, PORT_CHARS);
  };
  const branch = [memberOf(edge, 'type'), memberOf(edge, 'sourceHandle')].map(asText).find(Boolean) ?? '';
  const port = NEXT_PORTS.includes(branch.toLowerCase()) ? 'next' : branch.slice(0, PORT_CHARS);
  return { from: end(['source', 'from']), port, to: end(['target', 'to']) };
}
