import { z } from 'zod';
import { now } from '../../lib/clock';
import type { StoredDelivery } from '../../schemas/delivery';
import { deliverySchema } from '../../schemas/delivery-answer';
import { deliveryExportQuery } from '../../schemas/delivery-filter';
import type { Database } from '../../store/database';
import { narrowDeliveries } from '../../store/delivery-filter';
import { listObjectTypes } from '../../store/object-types';
import { scanDeliveries } from '../../store/scan-deliveries';
import { streamRoute } from '../route';
import { showDelivery } from './delivery-answer';
import { csvHead, csvRow } from './delivery-csv';

/** Rows read at once: few, since each may hold ten attempts with their bodies. */
const PART = 100;

/** All rows of a filter, newest first; at most one part of them is in memory. */
async function* rowsOf(
  db: Database,
  filter: ReturnType<typeof narrowDeliveries>,
): AsyncGenerator<StoredDelivery, void, void> {
  for await (const { rows } of scanDeliveries(db, filter, { before: undefined, size: PART })) yield* rows;
}

/** The webhook log as a file. */
export const deliveryExportRoutes = [
  streamRoute({
    scope: 'key',
    tag: 'Webhook log',
    path: '/v1/deliveries/export',
    summary: 'Export deliveries as CSV or NDJSON',
    description: `The rows that GET /v1/deliveries lists with the same filters, all of them, newest first. "csv" has the
columns of the log, with the request and the answer of the latest attempt; texts that a spreadsheet would run as a
formula get an apostrophe before them. "ndjson" has one delivery a line, with all attempts. An answer that is cut off
has no proper end, so that clients notice.`,
    query: deliveryExportQuery,
    contentTypes: {
      'text/csv': z.string(),
      'application/x-ndjson': deliverySchema.meta({ description: 'One a line' }),
    },
    isEndless: false,
    open: async ({ db, engine }, { account, query }) => {
      const { format, ...filter } = query;
      const rows = rowsOf(db, narrowDeliveries(account._id, filter));
      const headers = {
        'content-disposition': `attachment; filename="webhook-log-${now().toISOString().slice(0, 10)}.${format}"`,
      };
      if (format === 'ndjson') {
        const pieces = async function* () {
          for await (const row of rows) yield `${JSON.stringify(showDelivery(engine, row))}\n`;
        };
        return { contentType: 'application/x-ndjson', headers, pieces: pieces() };
      }
      const names = new Map(
        (await listObjectTypes(db, account._id)).map(({ objectTypeId, name }) => [objectTypeId, name]),
      );
      const pieces = async function* () {
        yield csvHead();
        for await (const row of rows) yield csvRow(row, names.get(row.objectTypeId) ?? String(row.objectTypeId));
      };
      return { contentType: 'text/csv; charset=utf-8; header=present', headers, pieces: pieces() };
    },
  }),
];
