import { csvLine } from '../../domain/csv-line';
import type { StoredDelivery } from '../../schemas/delivery';

type Cell = string | number | null;
type Column = [title: string, cell: (row: StoredDelivery, objectName: string) => Cell];

/** The columns of the webhook log, as a spreadsheet shows them. Request and answer are those of the latest attempt. */
const COLUMNS: Column[] = [
  ['Request', ({ attempts }) => requestOf(attempts.at(-1)?.request ?? null)],
  ['Response Code', ({ responseStatus }) => responseStatus],
  ['Date', ({ createdAt }) => createdAt.toISOString()],
  ['Response Data', ({ attempts }) => attempts.at(-1)?.response?.body ?? attempts.at(-1)?.error ?? null],
  ['Object', (_row, objectName) => objectName],
  ['Record ID', ({ recordId }) => recordId],
  ['Type', ({ source }) => source.type],
  ['Name', ({ source }) => source.name],
  ['Webhook ID', ({ webhookId }) => webhookId],
  ['Delivery ID', ({ _id }) => _id],
  ['Attempts', ({ attempts }) => attempts.length],
  ['Class', (row) => row.class],
  ['Status', ({ status }) => status],
];

/** The first line of the file. */
export const csvHead = (): string => csvLine(COLUMNS.map(([title]) => title));

/** @param objectName name of the record's object type */
export const csvRow = (row: StoredDelivery, objectName: string): string =>
  csvLine(COLUMNS.map(([, cell]) => cell(row, objectName)));

const requestOf = (request: { method: string; url: string; body: string } | null): string | null =>
  request && `${request.method} ${request.url}${request.body === '' ? '' : `\n${request.body}`}`;
