import type { z } from 'zod';
import type { mapSchema, StoredMap, StoredVersion, versionSchema } from '../../schemas/automation-map';

/** A map as it is shown. */
export const showMap = (stored: StoredMap): z.input<typeof mapSchema> => ({
  id: stored._id,
  number: stored.number,
  name: stored.name,
  objectTypeId: stored.objectTypeId,
  state: stored.publishedNumber === null ? 'draft' : 'live',
  draft: stored.draft,
  draftRevision: stored.draftRevision,
  publishedNumber: stored.publishedNumber,
  createdAt: stored.createdAt.toISOString(),
  updatedAt: stored.updatedAt.toISOString(),
  publishedAt: stored.publishedAt?.toISOString() ?? null,
});

/** A version as it is shown. */
export const showVersion = (version: StoredVersion): z.input<typeof versionSchema> => ({
  id: version._id,
  mapId: version.mapId,
  number: version.number,
  hash: version.hash,
  note: version.note,
  publishedAt: version.publishedAt.toISOString(),
  drawing: { elements: version.elements, edges: version.edges, settings: version.settings },
});
