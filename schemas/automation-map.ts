import { z } from 'zod';
import { edgeSchema, elementSchema } from './element';
import { type AccountId, idSchema, type MapId, numberSchema, type VersionId } from './ids';
import { objectTypeId } from './object-type';
import { problemSchema } from './problem';
import { webhookSettings } from './webhook';

/** When a record may enter again: once ever; again after it has left; always (several passages at once). */
export const REENTRY = ['once', 'after-leaving', 'always'] as const;
export type Reentry = (typeof REENTRY)[number];

export const mapSettings = z.object({ reentry: z.enum(REENTRY).default('once') });

/** The drawing: what a draft holds and a version freezes. */
export const mapDrawing = z
  .object({
    elements: z.array(elementSchema).max(500).default([]),
    edges: z.array(edgeSchema).max(2000).default([]),
    settings: mapSettings.default({ reentry: 'once' }),
  })
  .meta({ id: 'MapDrawing' });
export type MapDrawing = z.output<typeof mapDrawing>;

/** A stored map with its draft. `listenersRevision` orders publishes, so that every pump knows what it has not seen. */
export interface StoredMap {
  _id: MapId;
  accountId: AccountId;
  /** Its decimal id in the API under /1 */
  number: number;
  name: string;
  objectTypeId: number;
  draft: MapDrawing;
  draftRevision: number;
  publishedNumber: number | null;
  listenersRevision: number;
  createdAt: Date;
  updatedAt: Date;
  publishedAt: Date | null;
}

/** An immutable published state. */
export interface StoredVersion extends MapDrawing {
  _id: VersionId;
  accountId: AccountId;
  mapId: MapId;
  number: number;
  hash: string;
  note: string;
  publishedAt: Date;
}

export const mapName = z.string().trim().min(1).max(100);
export const newMap = z.object({
  name: mapName,
  objectTypeId: objectTypeId.default(0),
  draft: mapDrawing.default({ elements: [], edges: [], settings: { reentry: 'once' } }),
});
export const changedDraft = z.object({
  name: mapName.optional(),
  draft: mapDrawing,
  draftRevision: z
    .number()
    .int()
    .optional()
    .meta({ description: 'Revision you edited; another one since then answers 409' }),
});
export const publishRequest = z.object({ note: z.string().max(500).default('') });

export const mapSchema = z
  .object({
    id: idSchema('map'),
    number: numberSchema,
    name: z.string(),
    objectTypeId: z.number().int(),
    state: z.enum(['draft', 'live']),
    draft: mapDrawing,
    draftRevision: z.number().int(),
    publishedNumber: z.number().int().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    publishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Map' });

/** The answer to an import: the map, and the webhooks that were made for it. */
export const importedMapSchema = mapSchema
  .extend({
    webhooks: z.array(
      z.object({
        id: idSchema('webhook'),
        name: z.string(),
        signingSecret: z.string().meta({ description: 'Shown this once; the receiver checks signatures with it' }),
        headersToFill: z
          .array(z.string())
          .meta({ description: 'Secret headers without a value: give them by PUT /v1/webhooks/{webhookId}' }),
      }),
    ),
  })
  .meta({ id: 'ImportedMap' });

export const versionSchema = z
  .object({
    id: idSchema('version'),
    mapId: idSchema('map'),
    number: z.number().int(),
    hash: z.string().meta({ description: 'SHA-256 of the canonical drawing' }),
    note: z.string(),
    publishedAt: z.iso.datetime(),
    drawing: mapDrawing,
  })
  .meta({ id: 'MapVersion' });

export const checkResult = z
  .object({ isPublishable: z.boolean(), problems: z.array(problemSchema) })
  .meta({ id: 'MapCheck' });

/**
 * A map as a file. Tags and webhooks stand under `requires` by name, and the drawing names them by those names
 * (`tag:Customer`, `webhook:Send to CRM`), so that it can be imported into any account.
 */
export const mapFile = z
  .object({
    schemaVersion: z.literal(1),
    name: mapName,
    objectTypeId: objectTypeId.default(0),
    requires: z.object({
      tags: z.array(z.string().max(100)).max(500).default([]),
      webhooks: z.array(webhookSettings).max(500).default([]),
    }),
    drawing: z.record(z.string(), z.json()),
  })
  .meta({ id: 'MapFile' });
export type MapFile = z.output<typeof mapFile>;
