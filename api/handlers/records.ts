import { z } from 'zod';
import { idSchema } from '../../schemas/ids';
import { pageOf } from '../../schemas/page';
import {
  changedRecord,
  changedTags,
  newRecord,
  recordListQuery,
  recordSchema,
  savedRecord,
} from '../../schemas/record';
import { listRecords } from '../../store/list-records';
import { getObjectType } from '../../store/object-types';
import { deleteRecord, getRecord } from '../../store/records';
import { findTagsByName } from '../../store/tags';
import { deletedSchema } from '../deleted';
import { readRoute, writeRoute } from '../route';
import { readFieldValues } from './read-field-values';
import { showRecord, showRecords } from './record-answer';
import { changeRecord, createRecord, saveRecord, tagIdsOf } from './save-record';

const common = { scope: 'key', tag: 'Records' } as const;
const params = z.object({ recordId: idSchema('record') });

/** Contacts and all other records, their fields and tags. */
export const recordRoutes = [
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/records',
    summary: 'List records',
    query: recordListQuery,
    response: pageOf(recordSchema),
    handler: async ({ db }, { account, query }) => {
      const accountId = account._id;
      const { tag, objectTypeId, email, ...page } = query;
      const [found] = tag === undefined ? [] : await findTagsByName(db, accountId, [tag]);
      if (tag !== undefined && !found) return { items: [], nextCursor: null };
      const { items, nextCursor } = await listRecords(db, { accountId, objectTypeId, email, tagId: found?._id }, page);
      return { items: await showRecords(db, accountId, items), nextCursor };
    },
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/records',
    summary: 'Create a record',
    body: newRecord,
    example: { objectTypeId: 0, fields: { firstname: 'Ada', email: 'ada@example.com' }, tags: ['Customer'] },
    status: 201,
    response: recordSchema,
    writesEvents: true,
    handler: async ({ db }, { account, body }, session) =>
      showRecord(db, await createRecord(db, session, { accountId: account._id, ...body }), session),
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/records/save-or-update',
    summary: 'Create a record, or change the one that matches',
    description: 'The record whose "matchBy" field has the given value is changed; without one a record is created.',
    body: savedRecord,
    example: { matchBy: 'email', fields: { firstname: 'Ada', email: 'ada@example.com' }, tags: ['Customer'] },
    response: recordSchema,
    writesEvents: true,
    handler: async ({ db }, { account, body }, session) =>
      showRecord(db, await saveRecord(db, session, { accountId: account._id, ...body }), session),
  }),
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/records/:recordId',
    summary: 'Get a record',
    params,
    response: recordSchema,
    handler: async ({ db }, { account, params }) =>
      showRecord(db, await getRecord(db, { accountId: account._id, ...params })),
  }),
  writeRoute({
    ...common,
    method: 'patch',
    path: '/v1/records/:recordId',
    summary: 'Change fields of a record',
    description: 'Fields that are not named stay; null empties a field.',
    params,
    body: changedRecord,
    example: { fields: { firstname: 'Augusta' } },
    response: recordSchema,
    writesEvents: true,
    handler: async ({ db }, { account, params, body }, session) => {
      const record = await getRecord(db, { accountId: account._id, ...params }, session);
      const type = await getObjectType(db, account._id, record.objectTypeId, session);
      const fields = await readFieldValues(db, session, body.fields, type);
      return showRecord(db, await changeRecord(db, session, record, { fields, add: [], remove: [] }), session);
    },
  }),
  writeRoute({
    ...common,
    method: 'delete',
    path: '/v1/records/:recordId',
    summary: 'Delete a record',
    description: 'Its entries end within seconds; its events and deliveries stay in the logs.',
    params,
    response: deletedSchema,
    writesEvents: true,
    handler: async ({ db }, { account, params }, session) => {
      await deleteRecord(db, session, { accountId: account._id, ...params });
      return { id: params.recordId, isDeleted: true as const };
    },
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/records/:recordId/tags',
    summary: 'Add and remove tags of a record',
    description: 'Tags are named; those to add are created when there are none of that name yet.',
    params,
    body: changedTags,
    example: { add: ['Customer'], remove: ['Lead'] },
    response: recordSchema,
    writesEvents: true,
    handler: async ({ db }, { account, params, body }, session) => {
      const accountId = account._id;
      const record = await getRecord(db, { accountId, ...params }, session);
      const add = await tagIdsOf(db, session, { accountId, names: body.add });
      const remove = (await findTagsByName(db, accountId, body.remove, session)).map(({ _id }) => _id);
      return showRecord(db, await changeRecord(db, session, record, { fields: {}, add, remove }), session);
    },
  }),
];
