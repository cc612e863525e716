import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROUTES } from '../../api/routes';
import { transaction } from '../../store/database';
import { insertDelivery } from '../../store/deliveries';
import { EVENTS } from '../../store/events';
import { insertOutgoing } from '../../store/outgoing-messages';
import type { TestApi } from './open-test-api';
import { storedDelivery, storedOutgoing } from './stored';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'send-customer-to-crm.json');

/** An account in which there is one of everything that the examples of its document need. */
export interface FilledAccount {
  invoiceTypeId: number;
  /** One more of what can be settled or ended once */
  sell(): Promise<unknown>;
  sellUnpaid(): Promise<unknown>;
  assign(): Promise<unknown>;
  /** An order form */
  offer(): Promise<unknown>;
}

const exampleOf = (path: string): unknown =>
  ROUTES.find((route) => route.path === path && route.method === 'post')?.example;

export async function fillAccount(api: TestApi): Promise<FilledAccount> {
  const post = async (path: string, body: unknown) => {
    const answer = await api.ada.call('POST', path, body);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.text}`);
    return answer.body;
  };
  const color = { id: 'car_color', label: 'Car Color', type: 'drop', options: ['Red', 'Green'] };
  await post('/v1/object-types/0/fields', color);
  const fields = [
    { id: 'total', label: 'Total', type: 'price' },
    { id: 'due', label: 'Due', type: 'fulldate' },
    { id: 'is_paid', label: 'Paid', type: 'check' },
    { id: 'buyer', label: 'Buyer', type: 'parent', objectTypeId: 0 },
  ];
  const invoices = await post('/v1/object-types', { name: 'Invoice (EU)', plural: 'Invoices', fields });
  const invoiceTypeId: number = invoices.objectTypeId;
  const record = await post('/v1/records', {
    fields: { firstname: 'Ada', email: 'ada@example.com', car_color: 'Green' },
    tags: ['Customer'],
  });
  await post('/v1/records', { objectTypeId: invoiceTypeId, fields: { total: 5, due: '2026-12-01', buyer: record.id } });
  for (const objectTypeId of [149, 150, 16, 1, 12]) await post('/v1/records', { objectTypeId });
  const [product] = (await api.ada.call('GET', '/v1/records?objectTypeId=16')).body.items;
  const productId = product.id;
  const sell = () => post('/v1/purchases', { recordId: record.id, items: [{ productId, price: 5 }] });
  const assign = () => post('/v1/tasks', { recordId: record.id, subject: 'Call' });
  await sell();
  await assign();
  const { settings } = exampleOf('/v1/forms') as { settings: object };
  const offer = () => post('/v1/forms', { settings: { ...settings, order: { productId, price: 5 } } });
  await offer();
  await post('/v1/messages', exampleOf('/v1/messages'));
  await post('/v1/inbounds', exampleOf('/v1/inbounds'));
  const file = JSON.parse(readFileSync(EXAMPLE, 'utf8'));
  const map = await post('/v1/maps/import', file);
  await post(`/v1/maps/${map.id}/publish`, {});
  await post('/v1/entries', { mapId: map.id, recordId: record.id });
  const webhookId = (await api.ada.call('GET', '/v1/webhooks')).body.items[0].id;
  const accountId = api.ada.account._id;
  const delivery = storedDelivery({ accountId, webhookId, recordId: record.id, status: 'failed' });
  await transaction(api.system.db, async (session) => {
    await insertDelivery(api.system.db, session, delivery);
    await insertOutgoing(api.system.db, session, storedOutgoing({ accountId }));
  });
  await post('/v1/rules', exampleOf('/v1/rules'));
  await post('/v1/subscriptions', exampleOf('/v1/subscriptions'));
  await post('/v1/deliveries/replay', { filter: {} });
  const eventId = (await api.ada.call('GET', '/v1/events?limit=1')).body.items[0].id;
  await api.system.db.model(EVENTS).updateOne({ _id: eventId }, { $set: { status: 'parked' } });
  const unpaid = { contact_id: record.id, status: 'declined', total: 9 };
  const sellUnpaid = () => post('/v1/records', { objectTypeId: 46, fields: unpaid });
  return { invoiceTypeId, sell, assign, offer, sellUnpaid };
}
