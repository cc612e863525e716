import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deriveId } from '../../lib/ids';
import type { StoredDelivery } from '../../schemas/delivery';
import type { RecordId } from '../../schemas/ids';
import { transaction } from '../../store/database';
import { insertDelivery } from '../../store/deliveries';
import { insertOutgoing } from '../../store/outgoing-messages';
import type { ApiCaller, TestApi } from './open-test-api';
import { storedDelivery, storedOutgoing } from './stored';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'send-customer-to-crm.json');

/**
 * One thing of each kind in an account: ids by the names that parameters and bodies have for them.
 *
 * @param word begins all names, so that an answer that shows one of them is found out
 */
export async function makeAllKinds(
  { system: { db } }: TestApi,
  by: ApiCaller,
  word: string,
): Promise<Record<string, string>> {
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await by.call(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
    return answer.body;
  };
  const post = async (path: string, body: unknown): Promise<string> => (await call('POST', path, body)).id;
  const latest = async (several: string): Promise<string> => (await call('GET', `/v1/${several}?limit=1`)).items[0].id;
  const accountId = by.account._id;
  const email = `${word.toLowerCase()}@example.com`;
  const file = JSON.parse(readFileSync(EXAMPLE, 'utf8'));

  const recordId = await post('/v1/records', { fields: { email }, tags: [`${word} tag`] });
  const otherId = await post('/v1/records', { fields: { firstname: word } });
  const productId = await post('/v1/records', { objectTypeId: 16, fields: { name: `${word} product`, price: 1 } });
  const tagId = await latest('tags');
  const mapId = await post('/v1/maps/import', { ...file, name: `${word} map` });
  await call('POST', `/v1/maps/${mapId}/publish`, {});
  const webhookId = await latest('webhooks');
  const entryId = await post('/v1/entries', { mapId, recordId });
  const rule = {
    name: `${word} rule`,
    events: [{ type: 'record.created' }],
    actions: [{ kind: 'add-to-map', mapId }],
  };
  const listening = { event: { type: 'custom', name: 'x' }, url: `https://example.com/${word.toLowerCase()}` };
  const mail = { kind: 'email', name: `${word} message`, subject: word, body: word };
  const sms = { kind: 'sms', name: `${word} SMS`, body: word };
  const form = { name: `${word} form`, fields: [{ fieldId: 'email' }], order: { productId } };
  const mapping = [{ path: '$.email', fieldId: 'email' }];
  const { purchases } = await call('POST', '/v1/purchases', { recordId, items: [{ productId }] });
  const source = { type: 'map', mapId, name: `${word} map`, elementId: 'send', entryId, step: 1 } as const;
  const delivery = storedDelivery({
    accountId,
    webhookId,
    recordId,
    objectTypeId: 0,
    source: { ...source, positionId: deriveId('position', entryId, 'main') },
  } as Partial<StoredDelivery>);
  const written = { to: email, subject: word, format: 'plain' as const, body: word };
  const outgoing = storedOutgoing({ accountId, recordId: recordId as RecordId, written });
  await transaction(db, async (session) => {
    await insertDelivery(db, session, delivery);
    await insertOutgoing(db, session, outgoing);
  });
  return {
    recordId,
    otherId,
    productId,
    tagId,
    mapId,
    webhookId,
    entryId,
    purchaseId: purchases[0].id,
    taskId: await post('/v1/tasks', { recordId, subject: `${word} task` }),
    formId: await post('/v1/forms', { settings: form }),
    messageId: await post('/v1/messages', { settings: mail }),
    smsMessageId: await post('/v1/messages', { settings: sms }),
    outgoingMessageId: outgoing._id,
    ruleId: await post('/v1/rules', { settings: rule }),
    subscriptionId: await post('/v1/subscriptions', { settings: listening }),
    inboundId: await post('/v1/inbounds', { settings: { name: `${word} source`, mapping } }),
    deliveryId: delivery._id,
    number: '1',
    jobId: (await call('POST', '/v1/deliveries/replay', { filter: {} })).job.id,
    eventId: await latest('events'),
    keyId: await latest('keys'),
  };
}
