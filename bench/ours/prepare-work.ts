import { hashText, newId } from '../../lib/ids';
import type { MapDrawing } from '../../schemas/automation-map';
import type { AccountId, MapId, WebhookId } from '../../schemas/ids';
import type { StoredRecord } from '../../schemas/record';
import { webhookSettings } from '../../schemas/webhook';
import { type Database, type Session, transaction } from '../../store/database';
import { insertMap } from '../../store/maps';
import { publishVersion } from '../../store/publish-version';
import { RECORDS } from '../../store/records';
import { insertWebhook } from '../../store/webhooks';
import type { Job } from '../target';

/** Name of the custom event that starts a map. */
export const eventNameOf = (map: number): string => `order.placed-${map}`;

/** How much of everything there is. */
export interface Amounts {
  maps: number;
  records: number;
}

/**
 * Fills the account: maps of one trigger, one condition and two webhooks each (all at 180 a minute), and records, of
 * which every other takes the branch `a`.
 *
 * @returns one job a record; the maps take turns, so that no webhook comes near its limit
 */
export async function prepareWork(
  db: Database,
  given: { accountId: AccountId; receiverUrl: string } & Amounts,
): Promise<Job[]> {
  for (let map = 0; map < given.maps; map++)
    await transaction(db, (session) => insertPublishedMap(db, session, { ...given, map }));
  const at = new Date();
  const records = Array.from({ length: given.records }, (_, index): StoredRecord => {
    const branch = branchOf(index, given.maps);
    return {
      _id: newId('record'),
      accountId: given.accountId,
      objectTypeId: 0,
      number: index + 1,
      fields: { firstname: 'Ada', lastname: 'Lovelace', email: `ada${index}@example.com`, city: branch },
      tagIds: [],
      eventSeq: 0,
      createdAt: at,
      updatedAt: at,
    };
  });
  await db.model(RECORDS).insertMany(records);
  return records.map(({ _id }, index) => ({
    key: _id,
    map: index % given.maps,
    branch: branchOf(index, given.maps),
  }));
}

const branchOf = (index: number, maps: number): Job['branch'] => (Math.floor(index / maps) % 2 === 0 ? 'a' : 'b');

async function insertPublishedMap(
  db: Database,
  session: Session,
  of: { accountId: AccountId; receiverUrl: string; map: number },
): Promise<MapId> {
  const { accountId, map } = of;
  const [a, b] = [await insertOne(db, session, of, 'a'), await insertOne(db, session, of, 'b')];
  const drawing = draw(map, a, b);
  const { _id: mapId } = await insertMap(db, session, {
    accountId,
    name: `Orders ${map}`,
    objectTypeId: 0,
    draft: drawing,
  });
  const hash = hashText(JSON.stringify(drawing));
  await publishVersion(db, session, { accountId, mapId, number: 1, hash, note: '', drawing });
  return mapId;
}

async function insertOne(
  db: Database,
  session: Session,
  { accountId, receiverUrl, map }: { accountId: AccountId; receiverUrl: string; map: number },
  branch: Job['branch'],
): Promise<WebhookId> {
  const settings = webhookSettings.parse({
    name: `Orders ${map} ${branch}`,
    url: `${receiverUrl}/hooks/${map}/${branch}`,
    body: `{"key":"[Record ID]","name":"[First Name]","email":"[Email]","map":${map}}`,
    requestsPerMinute: 180,
  });
  return (await insertWebhook(db, session, { accountId, settings }))._id;
}

const draw = (map: number, a: WebhookId, b: WebhookId): MapDrawing => ({
  settings: { reentry: 'always' },
  elements: [
    {
      id: 'start',
      kind: 'trigger',
      title: 'Order placed',
      settings: { events: [{ type: 'custom', name: eventNameOf(map) }] },
    },
    {
      id: 'which',
      kind: 'condition',
      title: 'City?',
      settings: { condition: { kind: 'field', fieldId: 'city', op: 'equals', value: 'a' } },
    },
    { id: 'a', kind: 'webhook', title: 'Tell A', settings: { webhookId: a, onFailure: 'continue' } },
    { id: 'b', kind: 'webhook', title: 'Tell B', settings: { webhookId: b, onFailure: 'continue' } },
    { id: 'end', kind: 'end', title: '', settings: {} },
  ],
  edges: [
    { from: 'start', port: 'next', to: 'which' },
    { from: 'which', port: 'yes', to: 'a' },
    { from: 'which', port: 'no', to: 'b' },
    { from: 'a', port: 'next', to: 'end' },
    { from: 'b', port: 'next', to: 'end' },
  ],
});
