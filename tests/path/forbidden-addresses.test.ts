import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StoredDelivery } from '../../schemas/delivery';
import type { TagId } from '../../schemas/ids';
import { DELIVERIES } from '../../store/deliveries';
import { FORBIDDEN, inUrl } from '../servers/forbidden-addresses';
import { makeMap, makeRecord, makeTags, makeWebhook, tagToWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openSystem, type TestSystem } from '../servers/open-system';
import { until } from '../servers/until';

/** The port of a receiver, so that a request that gets through is seen. */
let receiver: Receiver;
let system: TestSystem;
beforeAll(async () => {
  receiver = await openReceiver();
  system = await openSystem({ allow: [] });
});
afterAll(async () => {
  await system.close();
  await receiver.close();
});

const HOSTS = [
  ...Object.values(FORBIDDEN).map(([address = '']) => inUrl(address)),
  ...['localhost', '2130706433', '0177.0.0.1', '127.1', '127.0.0.1.', '１２７.０.０.１', '[::FFFF:7F00:1]'],
];

test('webhooks that were saved while an address was allowed send nothing to it any more', async () => {
  const [tagId] = (await makeTags(system, 'Customer')) as [TagId];
  const port = new URL(receiver.url).port;
  for (const host of HOSTS) {
    const webhookId = await makeWebhook(system, { url: `http://${host}:${port}/`, name: host });
    await makeMap(system, tagToWebhook(tagId, webhookId), host);
  }
  await makeRecord(system, {}, [tagId]);

  const rows = await until('all deliveries to end', async () => {
    const ended = await system.db.model(DELIVERIES).find({ status: 'failed' }).lean<StoredDelivery[]>();
    return ended.length === HOSTS.length ? ended : null;
  });
  for (const { source, class: outcome, attempts } of rows) {
    expect([source.name, outcome, attempts.length]).toEqual([source.name, 'blocked', 1]);
    expect(attempts[0]).toMatchObject({
      error: 'This address is not allowed.',
      status: null,
      response: null,
      peer: null,
    });
  }
  expect(receiver.arrivals).toEqual([]);
});
