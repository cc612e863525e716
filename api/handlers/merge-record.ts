import { z } from 'zod';
import { deriveFacts } from '../../domain/derive-facts';
import { mergeRecords } from '../../domain/merge-records';
import { idSchema } from '../../schemas/ids';
import { recordSchema } from '../../schemas/record';
import { deleteRecord, findRecord, getRecord, replaceRecordFacts } from '../../store/records';
import { invalid } from '../problem';
import { writeRoute } from '../route';
import { addSpent, moveRelations } from './move-relations';
import { showRecord } from './record-answer';

/** Two records of one person become one. */
export const mergeRoutes = [
  writeRoute({
    scope: 'key',
    tag: 'Records',
    method: 'post',
    path: '/v1/records/:recordId/merge',
    summary: 'Merge another record into this one',
    description:
      'Fields that are empty here are taken from the other, tags are united, purchases and tasks of the other become those of this one, and the other is deleted. Events: record.merged here, record.deleted there.',
    params: z.object({ recordId: idSchema('record') }),
    body: z.object({ otherId: idSchema('record').meta({ description: 'The record that is deleted' }) }),
    response: recordSchema,
    writesEvents: true,
    handler: async ({ db }, { account, params, body: { otherId } }, session) => {
      const accountId = account._id;
      const record = await getRecord(db, { accountId, ...params }, session);
      const other = await findRecord(db, { accountId, recordId: otherId }, session);
      const refuse = (message: string) => invalid({ path: 'otherId', message });
      if (!other) throw refuse('names no record of the account');
      if (other._id === record._id) throw refuse('must be another record than the one it is merged into');
      if (other.objectTypeId !== record.objectTypeId)
        throw refuse(
          `must be a record of object type ${record.objectTypeId}; this one is of type ${other.objectTypeId}`,
        );
      const before = { fields: record.fields, tagIds: record.tagIds };
      const after = addSpent(mergeRecords(before, other), { before, other });
      await moveRelations(db, session, { accountId, from: otherId, to: record._id });
      await deleteRecord(db, session, { accountId, recordId: otherId });
      const facts = [...deriveFacts(before, after), { type: 'record.merged' as const, mergedId: otherId }];
      return showRecord(db, await replaceRecordFacts(db, session, { record, after, facts, hops: 0 }), session);
    },
  }),
];
