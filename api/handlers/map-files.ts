import { z } from 'zod';
import { buildMapFile, resolveMapFile } from '../../domain/map-file';
import { findReferences } from '../../domain/map-references';
import { importedMapSchema, mapDrawing, mapFile } from '../../schemas/automation-map';
import { idSchema } from '../../schemas/ids';
import { getMap, insertMap } from '../../store/maps';
import { getObjectType } from '../../store/object-types';
import { findTags, saveTagsByName } from '../../store/tags';
import { findWebhooks } from '../../store/webhooks';
import { parseGiven, refuse } from '../problem';
import { readRoute, writeRoute } from '../route';
import { checkSettings } from './check-settings';
import { importWebhook } from './import-webhook';
import { showMap } from './map-answer';

const common = { scope: 'key', tag: 'Maps' } as const;

/** Maps as files, to carry them from one account to another. */
export const mapFileRoutes = [
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/maps/import',
    summary: 'Create a map from a file',
    description:
      'Tags that are missing are created, and the webhooks that the file brings. Their signing secrets are in this answer only; "headersToFill" names the secret headers whose values a file does not carry. The map is a draft: publish it when it is right.',
    body: mapFile,
    example: {
      schemaVersion: 1,
      name: 'Mark customers',
      requires: { tags: ['Customer', 'Welcomed'] },
      drawing: {
        elements: [
          {
            id: 'start',
            kind: 'trigger',
            settings: { events: [{ type: 'tag.added', tagId: 'tag:Customer' }] },
          },
          { id: 'mark', kind: 'change-tags', settings: { add: ['tag:Welcomed'] } },
        ],
        edges: [{ from: 'start', port: 'next', to: 'mark' }],
      },
    },
    status: 201,
    response: importedMapSchema,
    isSecret: true,
    handler: async ({ db, keys, isHostBlocked }, { account, body }, session) => {
      const accountId = account._id;
      await getObjectType(db, accountId, body.objectTypeId, session);
      const found = await checkSettings({ db, isHostBlocked }, session, account, body.requires.webhooks);
      const problems = found.flatMap((each, index) =>
        each.map((problem) => ({ ...problem, path: `requires.webhooks.${index}.${problem.path}` })),
      );
      refuse(problems);
      const tags = await saveTagsByName(db, session, { accountId, names: body.requires.tags });
      const webhooks = [];
      for (const settings of body.requires.webhooks)
        webhooks.push(await importWebhook(db, session, { keys, accountId, settings }));
      const webhookIds = new Map(webhooks.map(({ name, id }) => [name, id]));
      const resolved = resolveMapFile(body, {
        tagIds: new Map(tags.map((tag) => [tag.key, tag._id])),
        webhookIds,
      });
      refuse(resolved.problems);
      const draft = parseGiven(mapDrawing.strict(), resolved.drawing, 'drawing.');
      const { name, objectTypeId } = body;
      return { ...showMap(await insertMap(db, session, { accountId, name, objectTypeId, draft })), webhooks };
    },
  }),
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/maps/:mapId/export',
    summary: 'Get the draft of a map as a file',
    description:
      'Tags and webhooks are named, not numbered. Values of headers that may be secret are left empty, and marked as secret.',
    params: z.object({ mapId: idSchema('map') }),
    response: mapFile,
    handler: async ({ db }, { account, params }) => {
      const accountId = account._id;
      const stored = await getMap(db, { accountId, ...params });
      const { tagIds, webhookIds } = findReferences(stored.draft);
      const tags = await findTags(db, accountId, tagIds);
      const webhooks = await findWebhooks(db, accountId, webhookIds);
      return buildMapFile(stored, {
        tagNames: new Map(tags.map((tag) => [tag._id, tag.name])),
        webhooks: new Map(webhooks.map((webhook) => [webhook._id, webhook.settings])),
      });
    },
  }),
];
