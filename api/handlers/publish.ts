import { z } from 'zod';
import { checkResult, publishRequest, versionSchema } from '../../schemas/automation-map';
import { idSchema } from '../../schemas/ids';
import { pageOf, pageQuery } from '../../schemas/page';
import { getMap } from '../../store/maps';
import { getVersion, listVersions } from '../../store/versions';
import { readRoute, writeRoute } from '../route';
import { showVersion } from './map-answer';
import { checkDraft, isBlocking, publishMap } from './publish-map';

const common = { scope: 'key', tag: 'Maps' } as const;
const params = z.object({ mapId: idSchema('map') });
const number = z.coerce.number().int().min(1);

/** From draft to version. */
export const publishRoutes = [
  readRoute({
    ...common,
    method: 'post',
    path: '/v1/maps/:mapId/check',
    summary: 'Check whether the draft can be published',
    params,
    response: checkResult,
    handler: async ({ db }, { account, params }) => {
      const problems = await checkDraft(db, await getMap(db, { accountId: account._id, ...params }));
      return { isPublishable: !problems.some(isBlocking), problems };
    },
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/maps/:mapId/publish',
    summary: 'Publish the draft as the next version',
    description: 'Records that enter from now on follow it. An unchanged draft answers with the version it is already.',
    params,
    body: publishRequest,
    example: { note: 'First version' },
    response: versionSchema,
    handler: async ({ db }, { account, params, body }, session) =>
      showVersion(await publishMap(db, session, { accountId: account._id, ...params, ...body })),
  }),
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/maps/:mapId/versions',
    summary: 'List the published versions of a map',
    params,
    query: pageQuery,
    response: pageOf(versionSchema),
    handler: async ({ db }, { account, params, query }) => {
      const of = { accountId: account._id, ...params };
      await getMap(db, of);
      const { items, nextCursor } = await listVersions(db, of, query);
      return { items: items.map(showVersion), nextCursor };
    },
  }),
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/maps/:mapId/versions/:number',
    summary: 'Get a published version',
    params: params.extend({ number }),
    response: versionSchema,
    handler: async ({ db }, { account, params: { mapId, number } }) => {
      await getMap(db, { accountId: account._id, mapId });
      return showVersion(await getVersion(db, { mapId, number }));
    },
  }),
];
