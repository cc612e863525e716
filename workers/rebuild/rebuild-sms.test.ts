import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { rebuildRun } from './rebuild-run';

const HISTORIES = join(__dirname, '..', '..', 'tests', 'replay', 'histories');

test('the row of an SMS that a gateway took is made again from the history of its message', async () => {
  const text = readFileSync(join(HISTORIES, '0.1.0-sms-by-gateway.json'), 'utf8');
  const { events } = historyFromJSON(JSON.parse(text));
  const { rows, unknown } = await rebuildRun(loadDataConverter(undefined), { events: events ?? [], pending: [] });
  expect(unknown).toBe(0);
  expect(rows).toMatchObject([
    {
      _id: expect.stringMatching(/^dlv_/),
      status: 'delivered',
      responseStatus: 200,
      workflowId: expect.stringMatching(/^msg:out_/),
      source: { type: 'rule', name: 'Welcome all', outgoingId: expect.stringMatching(/^out_/) },
      attempts: [{ class: 'success', status: 200 }],
    },
  ]);
});
