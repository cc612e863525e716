import { queuedDelivery } from '../../domain/queued-delivery';
import { newId, workflowIdOf } from '../../lib/ids';
import type { Attempt, StoredDelivery } from '../../schemas/delivery';
import type { MapSource } from '../../schemas/delivery-source';
import type { StoredEntry } from '../../schemas/entry';
import type { StoredOutgoingMessage } from '../../schemas/outgoing-message';

/** An active entry as it is stored, with what is given. */
export function storedEntry(given: Partial<StoredEntry> = {}): StoredEntry {
  const [mapId, recordId, entryKey] = [given.mapId ?? newId('map'), given.recordId ?? newId('record'), newId('event')];
  return {
    _id: newId('entry'),
    accountId: newId('account'),
    mapId,
    mapName: 'Test map',
    objectTypeId: 0,
    recordId,
    entryKey,
    triggerElementId: 'start',
    versionNumber: 1,
    eventId: null,
    hops: 0,
    status: 'active',
    endReason: null,
    workflowId: workflowIdOf({ mapId, recordId, entryKey: given.entryKey ?? entryKey }),
    startedAt: new Date(),
    endedAt: null,
    ...given,
  };
}

/** A delivery that no attempt has begun yet, with what is given. */
export const storedDelivery = (given: Partial<StoredDelivery> = {}): StoredDelivery => {
  const deliveryId = given._id ?? newId('delivery');
  const origin = {
    recordId: newId('record'),
    objectTypeId: 0,
    source: given.source ?? mapSource(),
    workflowId: 'map:of:a:test',
    createdAt: new Date().toISOString(),
  };
  const [accountId, webhookId] = [newId('account'), newId('webhook')];
  return { ...queuedDelivery({ deliveryId, accountId, webhookId, origin }), ...given };
};

/** A webhook element of a map, in the first step of an entry. */
export const mapSource = (): MapSource => ({
  type: 'map',
  mapId: newId('map'),
  name: 'Test map',
  elementId: 'send',
  entryId: newId('entry'),
  positionId: newId('position'),
  step: 0,
});

/** A line of the webhook log: attempt `temporalAttempt` of call `call`, answered with 500 unless told otherwise. */
export const loggedAttempt = (call: number, temporalAttempt: number, given: Partial<Attempt> = {}): Attempt => ({
  number: temporalAttempt,
  call,
  temporalAttempt,
  class: 'transient',
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 12,
  status: 500,
  error: null,
  request: { method: 'POST', url: 'https://example.com/$hook', headers: { 'x.dotted': '$value' }, body: '{"$set":1}' },
  response: { headers: {}, body: '$body', isTruncated: false },
  peer: '203.0.113.1',
  webhookRevision: 1,
  nextAttemptInMs: 5000,
  ...given,
});

/** An e-mail that a rule has just queued, with what is given. */
export const storedOutgoing = (given: Partial<StoredOutgoingMessage> = {}): StoredOutgoingMessage => ({
  _id: newId('outgoingMessage'),
  accountId: newId('account'),
  messageId: newId('message'),
  kind: 'email',
  recordId: newId('record'),
  objectTypeId: 0,
  source: { type: 'rule', ruleId: newId('rule'), name: 'Welcome all', eventId: newId('event'), action: 0 },
  recipient: 'ada@example.com',
  status: 'queued',
  attempts: 0,
  written: null,
  way: null,
  deliveryId: null,
  error: null,
  createdAt: new Date(),
  finishedAt: null,
  ...given,
});
