import type { AccountId, TagId } from '../schemas/ids';
import type { Page, PageQuery } from '../schemas/page';
import type { StoredRecord } from '../schemas/record';
import type { Database } from './database';
import { listPage } from './page';
import { RECORDS } from './records';

/** The account's records, newest first. */
export const listRecords = (
  db: Database,
  filter: {
    accountId: AccountId;
    objectTypeId: number | undefined;
    tagId: TagId | undefined;
    email: string | undefined;
  },
  page: PageQuery,
): Promise<Page<StoredRecord>> =>
  listPage(
    db,
    RECORDS,
    {
      accountId: filter.accountId,
      objectTypeId: filter.objectTypeId,
      tagIds: filter.tagId,
      'fields.email': filter.email,
    },
    page,
  );
