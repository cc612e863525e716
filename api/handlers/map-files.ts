import { z } from 'zod';
import { buildMapFile, resolveMapFile } from '../../domain/map-file';
import { findReferences } from '../../domain/map-references';
import { mapDrawing, mapFile, mapSchema } from '../../schemas/automation-map';
import { idSchema, type WebhookId } from '../../schemas/ids';
import { getMap, insertMap } from '../../store/maps';
import { getObjectType } from '../../store/object-types';
import { findTags, saveTagsByName } from '../../store/tags';
import { findWebhooks, insertWebhook } from '../../store/webhooks';
import { parseGiven, refuse } from '../problem';
import { readRoute, writeRoute } from '../route';
import { checkSettings } from './check-settings';
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
      'Tags that are missing are created, and the webhooks that the file brings. The map is a draft: publish it when it is right.',
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
    response: mapSchema,
    handler: async ({ db, isHostBlocked }, { account, body }, session) => {
      const accountId = account._id;
      await getObjectType(db, accountId, body.objectTypeId, session);
      const found = await checkSettings({ db, isHostBlocked }, session, account, body.requires.webhooks);
      const problems = found.flatMap((each, index) =>
        each.map((problem) => ({ ...problem, path: `requires.webhooks.${index}.${problem.path}` })),
      );
      refuse(problems);
      const tags = await saveTagsByName(db, session, { accountId, names: body.requires.tags });
      const webhookIds = new Map<string, WebhookId>();
      for (const settings of body.requires.webhooks)
        webhookIds.set(settings.name, (await insertWebhook(db, session, { accountId, settings }))._id);
      const resolved = resolveMapFile(body, {
        tagIds: new Map(tags.map((tag) => [tag.key, tag._id])),
        webhookIds,
      });
      refuse(resolved.problems);
      const draft = parseGiven(mapDrawing.strict(), resolved.drawing, 'drawing.');
      const { name, objectTypeId } = body;
      return showMap(await insertMap(db, session, { accountId, name, objectTypeId, draft }));
    },
  }),
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/maps/:mapId/export',
    summary: 'Get the draft of a map as a file',
    description: 'Tags and webhooks are named, not numbered. Values of headers that may be secret are left empty.',
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
