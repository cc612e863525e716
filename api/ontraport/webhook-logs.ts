import { secondsOf } from '../../domain/ontraport-value';
import type { StoredDelivery } from '../../schemas/delivery';
import { type AccountId, idSchema } from '../../schemas/ids';
import type { Database } from '../../store/database';
import { DELIVERIES } from '../../store/deliveries';
import { findRows } from '../../store/find-rows';
import { RECORDS } from '../../store/records';
import { findWebhooks } from '../../store/webhooks';
import { collectionRoutes } from './collection-routes';
import type { Resource, Shown } from './resource';

const ID = idSchema('delivery');

/** The webhook log: one row for each delivery, with its latest request and answer. */
export const webhookLogRoutes = collectionRoutes({
  tag: 'Webhook log',
  one: 'WebhookLog',
  several: 'WebhookLogs',
  open: openLog,
  notFound: 'delivery.not-found',
  id: { shape: ID, path: '_id' },
  answer: {
    id: 'dlv_…',
    webhook_id: '31',
    type: 'map',
    name: 'Welcome',
    request: '{"name":"Ada"}',
    response_code: '200',
    response_data: 'ok',
    date: '1767225600',
  },
});

async function openLog(db: Database, accountId: AccountId): Promise<Resource<StoredDelivery>> {
  return {
    objectId: 0,
    name: 'WebhookLog',
    from: DELIVERIES,
    where: { accountId },
    idPath: '_id',
    columns: [
      { name: 'id', path: '_id', kind: 'text' },
      { name: 'type', path: 'source.type', kind: 'text' },
      { name: 'name', path: 'source.name', kind: 'text' },
      { name: 'status', path: 'status', kind: 'text' },
      { name: 'response_code', path: 'responseStatus', kind: 'number' },
      { name: 'object_type_id', path: 'objectTypeId', kind: 'number' },
      { name: 'date', path: 'createdAt', kind: 'date' },
    ],
    sortPaths: { date: '_id' },
    fields: [
      { name: 'id', alias: 'ID', type: 'text' },
      { name: 'webhook_id', alias: 'Webhook ID', type: 'numeric' },
      { name: 'type', alias: 'Type', type: 'text' },
      { name: 'name', alias: 'Name', type: 'text' },
      { name: 'object_type_id', alias: 'Object', type: 'numeric' },
      { name: 'object_id', alias: 'Object ID', type: 'numeric' },
      { name: 'url', alias: 'URL', type: 'text' },
      { name: 'request', alias: 'Request', type: 'longtext' },
      { name: 'response_code', alias: 'Response Code', type: 'numeric' },
      { name: 'response_data', alias: 'Response Data', type: 'longtext' },
      { name: 'status', alias: 'Status', type: 'text' },
      { name: 'attempts', alias: 'Attempts', type: 'numeric' },
      { name: 'date', alias: 'Date', type: 'timestamp' },
    ],
    listFields: ['request', 'response_code', 'date', 'response_data', 'object_type_id', 'type', 'name', 'webhook_id'],
    show: (deliveries) => showAs(db, accountId, deliveries),
  };
}

async function showAs(db: Database, accountId: AccountId, deliveries: StoredDelivery[]): Promise<Shown[]> {
  const ids = [...new Set(deliveries.map(({ webhookId }) => webhookId))];
  const webhooks = new Map((await findWebhooks(db, accountId, ids)).map(({ _id, number }) => [_id, number]));
  const filter = { accountId, _id: { $in: [...new Set(deliveries.map(({ recordId }) => recordId))] } };
  const found = deliveries.length === 0 ? [] : await findRows(db, RECORDS, { filter });
  const records = new Map(found.map(({ _id, number }) => [_id, number]));
  return deliveries.map((delivery) => {
    const latest = delivery.attempts.at(-1);
    const isSubscribed = delivery.source.type === 'subscription';
    return {
      id: delivery._id,
      webhook_id: isSubscribed ? '' : String(webhooks.get(delivery.webhookId) ?? ''),
      type: isSubscribed ? 'API' : delivery.source.type,
      name: delivery.source.name,
      object_type_id: String(delivery.objectTypeId),
      object_id: String(records.get(delivery.recordId) ?? ''),
      url: latest?.request?.url ?? '',
      request: latest?.request?.body ?? '',
      response_code: String(delivery.responseStatus ?? ''),
      response_data: latest?.response?.body ?? latest?.error ?? '',
      status: delivery.status,
      attempts: String(delivery.attempts.length),
      date: secondsOf(delivery.createdAt),
    };
  });
}
