import Table from 'cli-table3';
import { pause } from '../lib/clock';
import { loadConfig } from '../lib/config';
import { type Caller, callApi } from './api-client';
import { readLocal } from './local-account';

interface DeliveryRow {
  id: string;
  webhookId: string;
  name: string;
  status: string;
  responseStatus: number | null;
  createdAt: string;
  workflowUrl: string | null;
  lastAttempt: {
    request: { method: string; url: string; body: string } | null;
    response: { body: string } | null;
    durationMs: number | null;
  } | null;
}

const POLL_MS = 250;
const WAIT_MS = 60_000;

/** Does what the printed `curl` line does, follows the record through the map, and shows the row of the webhook log. */
export async function demo(): Promise<void> {
  const local = readLocal(loadConfig().DATA_DIR);
  if (!local?.address || !local.apiKey || !local.appId)
    throw new Error('Hookline has not been started on this data folder; run "npm start" first.');
  const caller: Caller = { address: local.address, apiKey: local.apiKey, appId: local.appId };

  const record = await callApi<{ id: string }>(caller, 'POST', '/v1/records', {
    fields: { firstname: 'Ada', lastname: 'Lovelace', email: 'ada@example.com' },
    tags: ['Customer'],
  });
  console.log(`Record ${record.id} was created with the tag "Customer".`);
  const delivery = await follow(caller, record.id);
  console.log('\nThe webhook log:\n');
  console.log(tableOf(delivery).toString());
  if (delivery.workflowUrl) console.log(`\nThe run in Temporal's Web UI: ${delivery.workflowUrl}`);
}

async function follow(caller: Caller, recordId: string): Promise<DeliveryRow> {
  const endMs = performance.now() + WAIT_MS;
  let said = '';
  while (performance.now() < endMs) {
    const { items } = await callApi<{ items: DeliveryRow[] }>(
      caller,
      'GET',
      `/v1/deliveries?recordId=${recordId}&limit=1`,
    );
    const entries = await callApi<{ items: { id: string; status: string }[] }>(
      caller,
      'GET',
      `/v1/entries?recordId=${recordId}&limit=1`,
    );
    const now = items[0]
      ? `Webhook "${items[0].name}": ${items[0].status}`
      : entries.items[0]
        ? `Entered the map (${entries.items[0].id}), waits …`
        : 'The event waits to be handled …';
    if (now !== said) console.log(now);
    said = now;
    if (items[0] && ['delivered', 'failed', 'cancelled'].includes(items[0].status)) return items[0];
    await pause(POLL_MS);
  }
  throw new Error('The webhook was not delivered within a minute; look at GET /v1/entries and the Web UI.');
}

function tableOf(delivery: DeliveryRow): Table.Table {
  const attempt = delivery.lastAttempt;
  const table = new Table({ wordWrap: true, colWidths: [16, 80] });
  table.push(
    ['Delivery ID', delivery.id],
    ['Name', delivery.name],
    ['Date', delivery.createdAt],
    ['Request', `${attempt?.request?.method} ${attempt?.request?.url}\n${attempt?.request?.body ?? ''}`],
    ['Response Code', `${delivery.responseStatus ?? '-'} (${attempt?.durationMs} ms)`],
    ['Response Data', attempt?.response?.body ?? ''],
    ['Status', delivery.status],
    ['Webhook ID', delivery.webhookId],
  );
  return table;
}
