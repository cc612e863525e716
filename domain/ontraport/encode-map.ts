import type { MapDrawing } from '../../schemas/automation-map';
import { type Element, elementSchema } from '../../schemas/element';
import { parseShape } from '../../schemas/parse-shape';
import { canonicalJson } from '../canonical-json';
import type { MapContext } from './map-context';
import { asObject, asText, type JsonObject, memberOf } from './map-json';
import { nodeIdOf } from './node-ids';
import { ENTERED, NODE_KINDS, REPEAT } from './read-node';
import { writeNode } from './write-node';

/** A map as Ontraport's API gives it; ids are decimal, as texts. */
export interface OntraportMap {
  id: string;
  name: string;
  object_type_id: string;
  pause: '0' | '1';
  campaign: { nodes: JsonObject[]; edges: JsonObject[]; resource: JsonObject };
}

/**
 * Writes a map in the JSON of Ontraport's API. What Ontraport cannot say stands beside it under `resource.hookline`, so that
 * it comes back unchanged; elements that were not understood go out as they came.
 *
 * @throws never
 * @source reference section 3E, docs/ontraport-codecs.md
 */
export function encodeMap(
  of: { number: number; name: string; objectTypeId: number; isPaused: boolean; draft: MapDrawing },
  context: MapContext,
): OntraportMap {
  const { elements, edges, settings } = of.draft;
  const nodes = elements.map((element) => nodeOf(element, of.draft, context));
  const idOf = new Map(elements.map((element, index) => [element.id, memberOf(nodes[index] ?? {}, 'id')]));
  const end = (elementId: string): unknown => idOf.get(elementId) ?? nodeIdOf(elementId);
  const own = settings.reentry === 'once' ? { hookline: { reentry: 'once' } } : {};
  return {
    id: String(of.number),
    name: of.name,
    object_type_id: String(of.objectTypeId),
    pause: of.isPaused ? '1' : '0',
    campaign: {
      nodes,
      edges: edges.map(({ from, port, to }) => ({
        source: end(from),
        target: end(to),
        ...(port === 'next' ? {} : { type: port }),
      })),
      resource: { campaign_editor_checklist: [], ...own },
    },
  };
}

function nodeOf(element: Element, { settings }: MapDrawing, context: MapContext): JsonObject {
  const id = nodeIdOf(element.id);
  if (element.kind === 'placeholder') return rawNode(element.settings.raw, id);
  const { type, resource } = writeNode(element, context);
  const read = NODE_KINDS[type]?.read(resource, context, element.title);
  const parsed = read && 'value' in read ? parseShape(elementSchema, { ...element, settings: read.value }) : null;
  const isSame = parsed && 'value' in parsed && canonicalJson(parsed.value) === canonicalJson(element);
  const repeat = ENTERED.includes(element.kind) ? { [REPEAT]: settings.reentry === 'always' ? 'copy' : 'ignore' } : {};
  const own = isSame ? {} : { hookline: element.settings };
  return { id, type, label: element.title, resource: { ...resource, ...repeat, ...own } };
}

/** The element as it came; what someone has made of its text stands in a note. */
function rawNode(raw: string, id: string): JsonObject {
  try {
    const node = asObject(JSON.parse(raw));
    if (node) return asText(memberOf(node, 'id')) === '' ? { ...node, id } : node;
  } catch {
    // Not JSON any more: shown below.
  }
  return { id, type: 'note', label: raw, resource: {} };
}
