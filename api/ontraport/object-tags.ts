import { z } from 'zod';
import { AppError } from '../../lib/errors';
import type { AccountId, TagId } from '../../schemas/ids';
import type { Database, Session } from '../../store/database';
import { findRows } from '../../store/find-rows';
import { numberIs } from '../../store/numbers';
import { findTagsByName, TAGS } from '../../store/tags';
import { changeRecord, tagIdsOf } from '../handlers/save-record';
import type { Api } from '../parts';
import { invalid } from '../problem';
import { collectionParameters, decimalId, idList, nameList, objectID, optional } from './parameters';
import { getAllNumbered, openRecords } from './records';
import { listRows } from './resource';
import { readCall, writeCall } from './route';

const tag = 'Objects';
const answer = 'The tag is now being processed.';
const description = 'All of the records or none; all tags must exist.';

/** Tags of records. */
export const objectTagRoutes = [
  readCall({
    method: 'get',
    path: '/objects/tag',
    tag,
    summary: 'List the records that have a tag',
    parameters: collectionParameters.extend({
      objectID,
      tag_id: optional(decimalId),
      tag_name: optional(z.string().trim().max(100)),
    }),
    answer: [{ id: '8', firstname: 'Ada' }],
    handler: async (api, { account, given }) => {
      const { db } = api;
      const accountId = account._id;
      if (given.tag_id === undefined && given.tag_name === undefined)
        throw invalid({ path: 'tag_id', message: 'must be given, or "tag_name"' });
      const records = await openRecords(db, { accountId, objectID: given.objectID });
      const [tagId] =
        given.tag_id === undefined
          ? (await findTagsByName(db, accountId, [given.tag_name ?? ''])).map(({ _id }) => _id)
          : await tagsNumbered(db, { accountId, numbers: [given.tag_id] });
      if (!tagId) throw new AppError('tag.not-found');
      return listRows(api, { ...records, where: { ...records.where, tagIds: tagId } }, given);
    },
  }),
  writeCall({
    method: 'put',
    path: '/objects/tag',
    tag,
    summary: 'Add tags to records',
    description,
    parameters: z.object({ objectID, ids: idList, add_list: idList }),
    answer,
    handler: async (api, { account, given }, session) => {
      const add = await tagsNumbered(api.db, { accountId: account._id, numbers: given.add_list }, session);
      return tagAll(api, session, { accountId: account._id, ...given, add, remove: [] });
    },
  }),
  writeCall({
    method: 'delete',
    path: '/objects/tag',
    tag,
    summary: 'Remove tags from records',
    description,
    parameters: z.object({ objectID, ids: idList, remove_list: idList }),
    answer,
    handler: async (api, { account, given }, session) => {
      const remove = await tagsNumbered(api.db, { accountId: account._id, numbers: given.remove_list }, session);
      return tagAll(api, session, { accountId: account._id, ...given, add: [], remove });
    },
  }),
  writeCall({
    method: 'put',
    path: '/objects/tagByName',
    tag,
    summary: 'Add tags to records by the names of the tags',
    description: 'Tags that there are not yet are created.',
    parameters: z.object({ objectID: objectID.default(0), ids: idList, add_names: nameList }),
    answer,
    handler: async (api, { account, given }, session) => {
      const add = await tagIdsOf(api.db, session, { accountId: account._id, names: given.add_names });
      return tagAll(api, session, { accountId: account._id, ...given, add, remove: [] });
    },
  }),
  writeCall({
    method: 'delete',
    path: '/objects/tagByName',
    tag,
    summary: 'Remove tags from records by the names of the tags',
    description: 'Names of tags that there are not change nothing.',
    parameters: z.object({ objectID: objectID.default(0), ids: idList, remove_names: nameList }),
    answer,
    handler: async (api, { account, given }, session) => {
      const found = await findTagsByName(api.db, account._id, given.remove_names, session);
      return tagAll(api, session, { accountId: account._id, ...given, add: [], remove: found.map(({ _id }) => _id) });
    },
  }),
];

/** Ids of the tags with these decimal ids. @throws AppError `tag.not-found` unless all are there */
async function tagsNumbered(
  db: Database,
  of: { accountId: AccountId; numbers: readonly number[] },
  session?: Session,
): Promise<TagId[]> {
  const filter = { accountId: of.accountId, number: numberIs({ $in: of.numbers }) };
  const found = await findRows(db, TAGS, { filter }, session);
  const missing = of.numbers.filter((number) => !found.some((one) => one.number === number));
  if (missing.length > 0) throw new AppError('tag.not-found', { detail: `Missing: ${missing.join(', ')}.` });
  return found.map(({ _id }) => _id);
}

async function tagAll(
  { db }: Api,
  session: Session,
  given: { accountId: AccountId; objectID: number; ids: number[]; add: TagId[]; remove: TagId[] },
): Promise<{ data: string }> {
  const records = await openRecords(db, given, session);
  const { add, remove } = given;
  for (const record of await getAllNumbered(db, records, given.ids, session))
    await changeRecord(db, session, record, { fields: {}, add, remove });
  return { data: answer };
}
