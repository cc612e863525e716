import { z } from 'zod';
import { changedDraft, mapSchema, newMap } from '../../schemas/automation-map';
import { idSchema } from '../../schemas/ids';
import { pageOf, pageQuery } from '../../schemas/page';
import { getMap, insertMap, listMaps, saveDraft } from '../../store/maps';
import { getObjectType } from '../../store/object-types';
import { readRoute, writeRoute } from '../route';
import { showMap } from './map-answer';

const common = { scope: 'key', tag: 'Maps' } as const;
const params = z.object({ mapId: idSchema('map') });

/** Drawing that starts by hand, waits a minute and ends. */
const draft: z.input<typeof newMap>['draft'] = {
  elements: [
    { id: 'start', kind: 'trigger', title: 'Added to map', settings: { events: [{ type: 'manual' }] } },
    { id: 'pause', kind: 'wait', title: 'Wait a minute', settings: { kind: 'duration', seconds: 60 } },
    { id: 'done', kind: 'end' },
  ],
  edges: [
    { from: 'start', port: 'next', to: 'pause' },
    { from: 'pause', port: 'next', to: 'done' },
  ],
  settings: { reentry: 'always' },
};

/** Maps and their drafts. */
export const mapRoutes = [
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/maps',
    summary: 'List maps',
    query: pageQuery,
    response: pageOf(mapSchema),
    handler: async ({ db }, { account, query }) => {
      const { items, nextCursor } = await listMaps(db, account._id, query);
      return { items: items.map(showMap), nextCursor };
    },
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/maps',
    summary: 'Create a map with its first draft',
    body: newMap,
    example: { name: 'Welcome', draft },
    status: 201,
    response: mapSchema,
    handler: async ({ db }, { account, body }, session) => {
      await getObjectType(db, account._id, body.objectTypeId, session);
      return showMap(await insertMap(db, session, { accountId: account._id, ...body }));
    },
  }),
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/maps/:mapId',
    summary: 'Get a map with its draft',
    params,
    response: mapSchema,
    handler: async ({ db }, { account, params }) => showMap(await getMap(db, { accountId: account._id, ...params })),
  }),
  writeRoute({
    ...common,
    method: 'put',
    path: '/v1/maps/:mapId/draft',
    summary: 'Replace the draft',
    description:
      'The published version stays as it is. With "draftRevision" an edit made by someone else since answers 409.',
    params,
    body: changedDraft,
    example: { name: 'Welcome', draft },
    response: mapSchema,
    handler: async ({ db }, { account, params, body }, session) => {
      const { name, draft, draftRevision } = body;
      return showMap(await saveDraft(db, session, { accountId: account._id, ...params, name, draft, draftRevision }));
    },
  }),
];
