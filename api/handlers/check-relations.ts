import type { AccountId, RecordId } from '../../schemas/ids';
import type { Problem } from '../../schemas/problem';
import type { Database, Session } from '../../store/database';
import { findRecordsByIds } from '../../store/records';

/** A record that something is to lead to. `path` is where it is given. */
export interface GivenRelation {
  path: string;
  recordId: RecordId;
  objectTypeId: number;
}

/**
 * What is wrong with relations: each must lead to a record of the account that has the right object type. All are looked
 * up in one query, and none is made when there are none.
 */
export async function checkRelations<G extends GivenRelation>(
  db: Database,
  of: { accountId: AccountId; relations: readonly G[] },
  session?: Session,
): Promise<{ relation: G; problem: Problem }[]> {
  const recordIds = of.relations.map(({ recordId }) => recordId);
  const found = await findRecordsByIds(db, { accountId: of.accountId, recordIds }, session);
  const typeOf = new Map(found.map((record) => [record._id, record.objectTypeId]));
  return of.relations.flatMap((relation) => {
    const { path, recordId, objectTypeId } = relation;
    const foundType = typeOf.get(recordId);
    if (foundType === undefined) return [{ relation, problem: { path, message: 'names no record of the account' } }];
    const message = `must be a record of object type ${objectTypeId}; this one is of type ${foundType}`;
    return foundType === objectTypeId ? [] : [{ relation, problem: { path, message } }];
  });
}
