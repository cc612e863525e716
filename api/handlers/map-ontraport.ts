import { z } from 'zod';
import { findReferences } from '../../domain/map-references';
import type { AccountNumbers } from '../../domain/ontraport/account-numbers';
import { type DecodedMap, decodeMap } from '../../domain/ontraport/decode-map';
import { encodeMap, type OntraportMap } from '../../domain/ontraport/encode-map';
import type { MapContext } from '../../domain/ontraport/map-context';
import type { StoredMap } from '../../schemas/automation-map';
import { idSchema, type WebhookId } from '../../schemas/ids';
import { importedOntraportMap, ontraportMapImport, ontraportMapSchema } from '../../schemas/ontraport-map';
import type { Database } from '../../store/database';
import { getMap, insertMap } from '../../store/maps';
import { getObjectType } from '../../store/object-types';
import { saveTagsByName } from '../../store/tags';
import { findWebhooks } from '../../store/webhooks';
import { refuse } from '../problem';
import { readRoute, writeRoute } from '../route';
import { findAccountNumbers } from './account-numbers';
import { importUrls } from './import-urls';
import { showMap } from './map-answer';

const common = { scope: 'key', tag: 'Maps' } as const;
type Json = z.output<typeof ontraportMapImport>['map'];

/** Maps in the JSON of Ontraport's API. */
export const ontraportMapRoutes = [
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/maps/import-ontraport',
    summary: 'Create a map from the JSON of a map of Ontraport',
    description:
      'Elements that are not understood stand on the map as placeholders, which name the reason and block publishing until they are replaced. Webhooks are created for the URLs in it; their signing secrets are in this answer only.',
    body: ontraportMapImport,
    example: {
      map: {
        name: 'Welcome',
        object_type_id: '0',
        campaign: {
          nodes: [
            {
              id: '1',
              type: 'trigger',
              resource: { rule_editor: { events: { statement: [{ sub_tag: { a0: '4' } }] } } },
            },
            { id: '2', type: 'wait', resource: { wait_type: 'time', time_days: '2' } },
            { id: '3', type: 'end', resource: { remove_contacts: '1' } },
          ],
          edges: [
            { source: '1', target: '2' },
            { source: '2', target: '3' },
          ],
        },
      },
      tags: { '4': 'Customer' },
    },
    status: 201,
    response: importedOntraportMap,
    isSecret: true,
    handler: async (api, { account, body }, session) => {
      const { db } = api;
      const accountId = account._id;
      const { objectTypeId } = read(body.map, { numbers: { idOf: none, numberOf: none, fieldOf: none } });
      const { fields } = await getObjectType(db, accountId, objectTypeId, session);
      const names = Object.entries(body.tags);
      const tags = await saveTagsByName(db, session, { accountId, names: names.map(([, name]) => name) });
      const named = new Map(names.map(([number], index) => [Number(number), tags[index]?._id]));

      const urls = new Map<string, string>();
      const noteUrl = (url: string, label: string): { problem: string } => {
        if (!urls.has(url)) urls.set(url, label);
        return { problem: 'is looked up' };
      };
      const own = await findAccountNumbers(
        db,
        { accountId, fields },
        (numbers) => read(body.map, { numbers, webhookFor: noteUrl }),
        session,
      );
      const numbers: AccountNumbers = {
        ...own,
        idOf: (kind, number) =>
          (kind === 'tag' ? named.get(number) : undefined) ?? (body.hasOwnIds ? own.idOf(kind, number) : undefined),
      };
      read(body.map, { numbers, webhookFor: noteUrl });
      const webhooks = await importUrls(api, session, { account, objectTypeId, urls });
      const decoded = read(body.map, {
        numbers,
        webhookFor: (url) => webhooks.found.get(url) ?? { problem: 'it names no URL' },
      });
      const { name, drawing: draft, kept } = decoded;
      const stored = await insertMap(db, session, { accountId, name, objectTypeId, draft });
      return { ...showMap(stored), webhooks: webhooks.made, placeholders: kept };
    },
  }),
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/maps/:mapId/export-ontraport',
    summary: 'Get the draft of a map in the JSON of Ontraport',
    description:
      'Ids are the decimal ids of this account. What Ontraport has no word for stands under "hookline"; elements that were not understood are given as they came.',
    params: z.object({ mapId: idSchema('map') }),
    response: ontraportMapSchema,
    handler: async ({ db }, { account, params }) => {
      const stored = await getMap(db, { accountId: account._id, ...params });
      return (await showOntraportMap(db, stored)) as z.input<typeof ontraportMapSchema>;
    },
  }),
];

/** A stored map in the JSON of Ontraport's API. @throws AppError `object-type.not-found` */
export async function showOntraportMap(db: Database, stored: StoredMap): Promise<OntraportMap> {
  const { accountId } = stored;
  const { fields } = await getObjectType(db, accountId, stored.objectTypeId);
  const { webhookIds } = findReferences(stored.draft);
  const urls = new Map((await findWebhooks(db, accountId, webhookIds)).map((one) => [one._id, one.settings.url]));
  const of = { ...stored, isPaused: stored.publishedNumber === null };
  const encode = (numbers: AccountNumbers): OntraportMap =>
    encodeMap(of, contextOf({ numbers, mapNumber: String(stored.number), urlOf: (id: WebhookId) => urls.get(id) }));
  return encode(await findAccountNumbers(db, { accountId, fields }, encode));
}

const none = (): undefined => undefined;
const contextOf = (given: Pick<MapContext, 'numbers'> & Partial<MapContext>): MapContext => ({
  mapNumber: '',
  webhookFor: () => ({ problem: 'it names no webhook of this account' }),
  urlOf: none,
  ...given,
});

/** @throws AppError `request.invalid` */
function read(map: Json, given: Pick<MapContext, 'numbers'> & Partial<MapContext>): DecodedMap {
  const decoded = decodeMap(map, contextOf({ ...given, mapNumber: typeof map.id === 'string' ? map.id : '' }));
  if ('map' in decoded) return decoded.map;
  refuse(decoded.problems, 'map.');
  throw new Error('a map that cannot be read has problems');
}
