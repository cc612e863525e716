import type { MapDrawing, MapFile } from '../schemas/automation-map';
import { type HeaderRow, isSecretRow } from '../schemas/header-row';
import type { TagId, WebhookId } from '../schemas/ids';
import type { Problem } from '../schemas/problem';
import type { WebhookSettings } from '../schemas/webhook';
import { findReferences } from './map-references';

type Json = MapFile['drawing'][string];

/** Headers whose values do not leave the account, even where nobody marked them. */
const SECRET_HEADER = /auth|cookie|token|secret|key|password|passwd|credential|signature|session/i;

/** What a drawing names, as the account calls it. */
export interface NamesOf {
  tagNames: ReadonlyMap<TagId, string>;
  webhooks: ReadonlyMap<WebhookId, WebhookSettings>;
}

/**
 * A map as a file. Of webhooks with one name the later ones get a number, so that names tell them apart.
 *
 * @param names of everything that the drawing names; what is missing there stays an id
 * @returns exporting what was imported from it gives the same text again
 * @throws never
 * @source docs/maps.md
 */
export function buildMapFile(of: { name: string; objectTypeId: number; draft: MapDrawing }, names: NamesOf): MapFile {
  const { tagIds, webhookIds } = findReferences(of.draft);
  const taken = new Set<string>();
  const titles = new Map<string, string>();
  const webhooks = webhookIds.flatMap((webhookId) => {
    const settings = names.webhooks.get(webhookId);
    if (!settings) return [];
    const name = nextFree(settings.name, taken);
    taken.add(name);
    titles.set(webhookId, `webhook:${name}`);
    return [{ ...settings, name, headers: settings.headers.map(withoutSecret) }];
  });
  for (const [tagId, name] of names.tagNames) titles.set(tagId, `tag:${name}`);
  const drawing = JSON.parse(JSON.stringify(of.draft)) as Record<string, Json>;
  return {
    schemaVersion: 1,
    name: of.name,
    objectTypeId: of.objectTypeId,
    requires: { tags: tagIds.flatMap((tagId) => names.tagNames.get(tagId) ?? []), webhooks },
    drawing: replaceNames(drawing, (reference) => titles.get(reference) ?? reference) as Record<string, Json>,
  };
}

/**
 * The drawing of a file with ids in place of names.
 *
 * @param ids tag ids by name in lower case, webhook ids by name
 * @returns the drawing, not yet parsed; a problem for each name that the file does not bring under `requires`
 * @throws never
 * @source docs/maps.md
 */
export function resolveMapFile(
  file: MapFile,
  ids: { tagIds: ReadonlyMap<string, TagId>; webhookIds: ReadonlyMap<string, WebhookId> },
): { drawing: Json; problems: Problem[] } {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [index, { name }] of file.requires.webhooks.entries()) {
    if (seen.has(name)) problems.push({ path: `requires.webhooks.${index}.name`, message: 'is there twice' });
    seen.add(name);
  }
  const drawing = replaceNames(file.drawing, (reference, path) => {
    const [, kind, name = ''] = /^(tag|webhook):(.*)$/s.exec(reference) ?? [];
    if (!kind) return reference;
    const id = kind === 'tag' ? ids.tagIds.get(name.trim().toLowerCase()) : ids.webhookIds.get(name.trim());
    if (!id)
      problems.push({ path: `drawing.${path}`, message: `names the ${kind} "${name}", which is not under "requires"` });
    return id ?? reference;
  });
  return { drawing, problems };
}

/** Replaces the texts that name tags and webhooks, wherever a drawing can hold them; all else stays. */
function replaceNames(value: Json, replace: (reference: string, path: string) => string, path = ''): Json {
  const at = (key: string | number): string => (path === '' ? String(key) : `${path}.${key}`);
  if (Array.isArray(value)) return value.map((item, index) => replaceNames(item, replace, at(index)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if ((key === 'tagId' || key === 'webhookId') && typeof inner === 'string') return [key, replace(inner, at(key))];
      if ((key === 'add' || key === 'remove') && Array.isArray(inner))
        return [key, inner.map((item, n) => (typeof item === 'string' ? replace(item, `${at(key)}.${n}`) : item))];
      return [key, replaceNames(inner, replace, at(key))];
    }),
  );
}

const NAME_LENGTH_MAX = 100;

function nextFree(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n++) {
    const suffix = ` (${n})`;
    free = name.slice(0, NAME_LENGTH_MAX - suffix.length) + suffix;
  }
  return free;
}

/** In the account that imports the file, the row waits for its value. */
const withoutSecret = (row: HeaderRow): HeaderRow =>
  isSecretRow(row) || SECRET_HEADER.test(row.name) ? { name: row.name, value: '', isSecret: true } : row;
