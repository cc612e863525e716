import { z } from 'zod';
import { AppError } from '../../lib/errors';
import { entryDetailSchema, entryListQuery, entrySchema, newEntry } from '../../schemas/entry';
import { idSchema } from '../../schemas/ids';
import { pageOf } from '../../schemas/page';
import { getEntry, listEntries } from '../../store/entries';
import { findPositionsOf } from '../../store/positions';
import { findStepsOf } from '../../store/steps';
import { exitEntry, getLiveState } from '../../workers/live-state';
import { readRoute, writeRoute } from '../route';
import { changePause } from './change-pause';
import { showEntry, showPosition, showStep } from './entry-answer';
import { requestEntry } from './request-entry';

const common = { scope: 'key', tag: 'Entries' } as const;
const params = z.object({ entryId: idSchema('entry') });

/** Passages of records through maps. */
export const entryRoutes = [
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/entries',
    summary: 'List entries',
    query: entryListQuery,
    response: pageOf(entrySchema),
    handler: async ({ db, engine }, { account, query }) => {
      const { mapId, recordId, status, isPaused: given, ...page } = query;
      const isPaused = given === undefined ? undefined : given === 'true';
      const filter = { accountId: account._id, mapId, recordId, status, isPaused };
      const { items, nextCursor } = await listEntries(db, filter, page);
      return { items: items.map((entry) => showEntry(engine, entry)), nextCursor };
    },
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/entries',
    summary: 'Let a record enter a map',
    description: 'It enters the published version, if the re-entry setting of the map lets it.',
    body: newEntry,
    status: 201,
    response: entrySchema,
    writesEvents: true,
    handler: async ({ db, engine }, { account, body }, session) =>
      showEntry(engine, await requestEntry(db, session, { accountId: account._id, ...body })),
  }),
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/entries/:entryId',
    summary: 'Get an entry with its positions, timeline and live state',
    description: '"live" is asked from the running workflow; it is null while none is known or Temporal is away.',
    params,
    response: entryDetailSchema,
    handler: async ({ db, engine }, { account, params }) => {
      const entry = await getEntry(db, { accountId: account._id, ...params });
      const live = await getLiveState(engine, entry.workflowId).catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'engine.unavailable') return null;
        throw error;
      });
      // Read after the workflow has told, so that what is stored is at least as new.
      const [now, positions, steps] = await Promise.all([
        getEntry(db, { accountId: account._id, ...params }),
        findPositionsOf(db, entry._id),
        findStepsOf(db, entry._id),
      ]);
      return {
        ...showEntry(engine, now),
        positions: positions.map(showPosition),
        timeline: steps.map(showStep),
        live,
      };
    },
  }),
  ...(['pause', 'resume'] as const).map((command) =>
    writeRoute({
      ...common,
      method: 'post',
      path: `/v1/entries/:entryId/${command}`,
      summary: command === 'pause' ? 'Pause an entry' : 'Resume a paused entry',
      description:
        command === 'pause'
          ? 'It takes no further step until it is resumed; a delivery that is under way is finished. One that is paused stays so.'
          : 'It goes on from where it stands: a wait that is over by then leaves at once. One that is not paused stays so.',
      params,
      response: entrySchema,
      writesEvents: true,
      handler: async ({ db, engine }, { account, params }, session) => {
        const of = { accountId: account._id, ...params, isPaused: command === 'pause' };
        return showEntry(engine, await changePause(db, session, of));
      },
    }),
  ),
  readRoute({
    ...common,
    method: 'post',
    path: '/v1/entries/:entryId/exit',
    summary: 'End an entry',
    description: 'Answers when it has ended. A webhook request that is on the wire may still arrive.',
    params,
    response: entrySchema,
    handler: async ({ db, engine }, { account, params }) => {
      const of = { accountId: account._id, ...params };
      await exitEntry({ db, engine }, of);
      return showEntry(engine, await getEntry(db, of));
    },
  }),
];
