import type { MergeRecord, Related } from '../domain/merge-values';
import { findRelations, type RelationPaths, relationPathsIn } from '../domain/relation-paths';
import type { AccountId, PositionId, RecordId } from '../schemas/ids';
import type { ObjectType } from '../schemas/object-type';
import type { StoredRecord } from '../schemas/record';
import type { StoredWebhook } from '../schemas/webhook';
import { findVariables } from '../store/positions';
import { findRecordsByIds } from '../store/records';
import type { Dependencies } from './dependencies';

export type MergeReader = Pick<Dependencies, 'db' | 'frames'>;

/**
 * The record with all that the webhook's templates name besides its own fields: variables of the entry, and related
 * records as they are now. What no template names is not read: most webhooks cost nothing here, and each relation that a
 * merge field goes over costs one query, however many merge fields share it.
 *
 * @param of.positionId of the entry whose variables are meant; null for what no entry sends, such as a test
 * @throws MongoDB's errors
 * @source docs/merge-fields.md
 */
export async function readMergeRecord(
  deps: MergeReader,
  of: { webhook: StoredWebhook; record: StoredRecord; objectType: ObjectType; positionId: PositionId | null },
): Promise<MergeRecord> {
  const { webhook, record, objectType, positionId } = of;
  const { settings, accountId, updatedAt: editedAt } = webhook;
  const templates = [settings.url, settings.body, ...settings.headers.map((row) => row.value)];
  const own = await readMergeValues(deps, { accountId, editedAt, templates, record, objectType });
  const { hasVariables } = relationPathsIn(templates);
  if (hasVariables && positionId) own.variables = await findVariables(deps.db, positionId);
  return own;
}

/**
 * The record with what templates name of related records.
 *
 * @param of.editedAt when the templates were edited last, see `FrameReader`
 * @throws MongoDB's errors
 * @source docs/merge-fields.md
 */
export async function readMergeValues(
  deps: MergeReader,
  of: {
    accountId: AccountId;
    editedAt: Date;
    templates: readonly string[];
    record: Pick<StoredRecord, '_id' | 'fields'>;
    objectType: ObjectType;
  },
): Promise<MergeRecord> {
  const { relations: paths } = relationPathsIn(of.templates);
  const own: MergeRecord = { id: of.record._id, fields: of.record.fields };
  if (paths.length > 0) own.related = await readRelated(deps, { ...of, paths });
  return own;
}

/** Goes over all relations at once, hop by hop: the object types they lead to, then the records. */
async function readRelated(
  deps: MergeReader,
  of: Pick<Parameters<typeof readMergeValues>[1], 'accountId' | 'editedAt' | 'record' | 'objectType'> & {
    paths: RelationPaths;
  },
): Promise<Related> {
  const { accountId, editedAt } = of;
  const types = new Map<number, ObjectType>();
  const records = new Map<string, Pick<StoredRecord, 'objectTypeId' | 'fields'>>();
  let standing = of.paths.map((blocks) => ({ blocks, type: of.objectType, fields: of.record.fields }));
  while (standing.length > 0) {
    const found = findRelations(standing);
    const typeIds = [...new Set(found.map(({ objectTypeId }) => objectTypeId))].filter((id) => !types.has(id));
    const ids = [...new Set(found.flatMap(({ recordId }) => recordId ?? []))].filter((id) => !records.has(id));
    const [, read] = await Promise.all([
      readTypes(
        deps,
        types,
        typeIds.map((objectTypeId) => ({ accountId, objectTypeId, editedAt })),
      ),
      findRecordsByIds(deps.db, { accountId, recordIds: ids as RecordId[] }),
    ]);
    for (const { _id, objectTypeId, fields } of read) records.set(_id, { objectTypeId, fields });
    standing = found.flatMap(({ blocks, objectTypeId, recordId }) => {
      const type = types.get(objectTypeId);
      if (!type || blocks.length === 0) return [];
      return [{ blocks, type, fields: records.get(recordId ?? '')?.fields ?? {} }];
    });
  }
  return { types, records };
}

async function readTypes(
  deps: MergeReader,
  types: Map<number, ObjectType>,
  wanted: { accountId: AccountId; objectTypeId: number; editedAt: Date }[],
): Promise<void> {
  for (const { objectType } of await Promise.all(wanted.map((of) => deps.frames.read(of))))
    types.set(objectType.objectTypeId, objectType);
}
