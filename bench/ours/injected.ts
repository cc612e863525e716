import type { AccountId, RecordId } from '../../schemas/ids';

/** A custom event as it is handed past the API, straight to the store. */
export interface Injected {
  accountId: AccountId;
  recordId: RecordId;
  name: string;
  data: Record<string, string>;
}
