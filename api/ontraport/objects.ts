import { z } from 'zod';
import { AppError } from '../../lib/errors';
import { findRows } from '../../store/find-rows';
import { listObjectTypes } from '../../store/object-types';
import { RECORDS } from '../../store/records';
import { invalid } from '../problem';
import { collectionParameters, decimalId, flag, objectID, optional } from './parameters';
import { describeRecords, getNumbered, openRecords } from './records';
import { countOf, listRows, metaOf } from './resource';
import { readCall } from './route';

const tag = 'Objects';
const EMAILS_MAX = 500;
const SHOWN = { id: '8', unique_id: 'rec_…', firstname: 'Ada', email: 'ada@example.com', date: '1767225600' };

/** Records of every object type: reading them, and what there is to know of their fields. */
export const objectReads = [
  readCall({
    method: 'get',
    path: '/object',
    tag,
    summary: 'Get a record',
    parameters: z.object({ objectID, id: decimalId }),
    answer: SHOWN,
    handler: async ({ db }, { account, given }) => {
      const records = await openRecords(db, { accountId: account._id, objectID: given.objectID });
      const [data] = await records.show([await getNumbered(db, records, given.id)]);
      return { data };
    },
  }),
  readCall({
    method: 'get',
    path: '/objects',
    tag,
    summary: 'List records',
    parameters: collectionParameters.extend({ objectID }),
    example: { objectID: 0, range: 10 },
    answer: [SHOWN],
    handler: async (api, { account, given }) =>
      listRows(api, await openRecords(api.db, { accountId: account._id, objectID: given.objectID }), given),
  }),
  readCall({
    method: 'get',
    path: '/object/getByEmail',
    tag,
    summary: 'Find the id of a record by its e-mail address',
    description: 'The oldest one; with "all" the ids of all of them.',
    parameters: z.object({ objectID, email: z.string().trim().min(1).max(320), all: flag.default(false) }),
    answer: { id: '8' },
    handler: async ({ db }, { account, given }) => {
      const { type, where } = await openRecords(db, { accountId: account._id, objectID: given.objectID });
      if (!type.fields.some(({ id }) => id === 'email'))
        throw invalid({ path: 'objectID', message: `names ${type.plural}, which have no field "email"` });
      const filter = { ...where, 'fields.email': given.email };
      const found = await findRows(db, RECORDS, { filter, limit: given.all ? EMAILS_MAX : 1 });
      if (!found[0]) throw new AppError('record.not-found', { detail: `None has the address ${given.email}.` });
      const ids = found.map(({ number }) => String(number));
      return { data: given.all ? { ids } : { id: ids[0] } };
    },
  }),
  readCall({
    method: 'get',
    path: '/objects/meta',
    tag,
    summary: 'List the fields of an object type, or of all of them',
    parameters: z.object({ objectID: optional(objectID), format: optional(z.enum(['byId', 'byName'])) }),
    example: { objectID: 0, format: 'byId' },
    answer: { '0': { name: 'Contact', fields: { firstname: { alias: 'First Name', type: 'text' } } } },
    handler: async ({ db }, { account, given }) => {
      const types = await listObjectTypes(db, account._id);
      const wanted = types.filter((type) => given.objectID === undefined || type.objectTypeId === given.objectID);
      if (wanted.length === 0) throw new AppError('object-type.not-found');
      return metaOf(wanted.map(describeRecords), given.format ?? 'byId');
    },
  }),
  readCall({
    method: 'get',
    path: '/objects/getInfo',
    tag,
    summary: 'Count records',
    parameters: collectionParameters.extend({ objectID }),
    example: { objectID: 0 },
    answer: { listFields: ['firstname', 'lastname'], count: '2' },
    handler: async (api, { account, given }) =>
      countOf(api, await openRecords(api.db, { accountId: account._id, objectID: given.objectID }), given),
  }),
];
