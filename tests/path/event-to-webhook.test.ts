import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findActiveEntries, listEntries } from '../../store/entries';
import { listDeliveries } from '../../store/list-deliveries';
import { findStepsOf } from '../../store/steps';
import { makeMap, makeRecord, makeTags, makeWebhook, tagToWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openSystem, type TestSystem } from '../servers/open-system';
import { until } from '../servers/until';

let system: TestSystem;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
  system = await openSystem();
});
afterAll(async () => {
  await system.close();
  await receiver.close();
});

test('a tag added to a record starts the map and its webhook arrives with the rendered body', async () => {
  const [tagId] = await makeTags(system, 'Customer');
  const webhookId = await makeWebhook(system, { url: `${receiver.url}/crm` });
  await makeMap(system, tagToWebhook(tagId as never, webhookId));
  const record = await makeRecord(system, { firstname: 'Ada "Lovelace"' }, [tagId as never]);

  const arrival = await until('the webhook', () => receiver.arrivals[0]);
  expect(arrival.method).toBe('POST');
  expect(JSON.parse(arrival.body)).toEqual({ name: 'Ada "Lovelace"' });

  const accountId = system.account.account._id;
  const delivery = await until('the log row', async () =>
    (await listDeliveries(system.db, accountId, { recordId: record._id }, { limit: 10 })).items.find(
      ({ status }) => status === 'delivered',
    ),
  );
  expect(delivery._id).toBe(arrival.deliveryId);
  expect(delivery.attempts).toHaveLength(1);

  const entry = await until(
    'the end of the entry',
    async () =>
      (
        await listEntries(
          system.db,
          { accountId, mapId: undefined, recordId: record._id, status: 'ended' },
          { limit: 10 },
        )
      ).items[0],
  );
  expect(entry.endReason).toBe('completed');
  expect(await findActiveEntries(system.db, record._id)).toEqual([]);
  expect((await findStepsOf(system.db, entry._id)).map(({ elementId, port }) => [elementId, port])).toEqual([
    ['start', 'next'],
    ['send', 'next'],
    ['end', null],
  ]);
});
