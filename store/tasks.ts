import { OBJECT_TYPE } from '../schemas/object-type';
import type { StoredRecord } from '../schemas/record';
import { TASK_STATUS } from '../schemas/task';
import type { Database } from './database';
import { RECORDS } from './records';

/**
 * Open tasks of all accounts that are due before this instant and not marked as overdue, the longest due first.
 *
 * @returns at most `limit`, in one indexed query
 */
export const findOverdueTasks = async (db: Database, at: Date, limit: number): Promise<StoredRecord[]> =>
  db
    .model(RECORDS)
    .find({
      objectTypeId: OBJECT_TYPE.task,
      'fields.status': TASK_STATUS.open,
      'fields.due_date': { $lt: at.toISOString() },
      'fields.overdue_at': null,
    } as object)
    .sort({ 'fields.due_date': 1 })
    .limit(limit)
    .lean<StoredRecord[]>();
