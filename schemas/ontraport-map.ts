import { z } from 'zod';
import { importedMapSchema } from './automation-map';
import { tagName } from './record';

/** A map of Ontraport to import. Ids in it are those of the account it comes from. */
export const ontraportMapImport = z.object({
  map: z.record(z.string(), z.json()).meta({
    description: 'The map as GET /1/CampaignBuilderItem answers it, with its "campaign": nodes and edges',
  }),
  tags: z
    .record(z.string().regex(/^\d{1,15}$/, 'must be the decimal id of a tag'), tagName)
    .default({})
    .meta({ description: 'Names of the tags in it, by their ids there: {"4": "Customer"}; missing ones are created' }),
  hasOwnIds: z
    .boolean()
    .default(false)
    .meta({ description: 'The map was exported from this account, so its ids are those of this account' }),
});

/** The answer: the map, its new webhooks, and the elements that are not understood and wait to be replaced. */
export const importedOntraportMap = importedMapSchema
  .extend({
    placeholders: z.array(z.object({ elementId: z.string(), type: z.string(), reason: z.string() })),
  })
  .meta({ id: 'ImportedOntraportMap' });

/** A map in the JSON of Ontraport's API. */
export const ontraportMapSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    object_type_id: z.string(),
    pause: z.enum(['0', '1']).meta({ description: '"0" is running' }),
    campaign: z.object({
      nodes: z.array(z.record(z.string(), z.json())),
      edges: z.array(z.record(z.string(), z.json())),
      resource: z.record(z.string(), z.json()),
    }),
  })
  .meta({ id: 'OntraportMap' });
