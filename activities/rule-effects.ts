import { chooseTrigger } from '../domain/choose-trigger';
import { queuedDelivery } from '../domain/queued-delivery';
import { now } from '../lib/clock';
import { hostOf } from '../lib/host-of';
import { deliveryWorkflowIdOf, newId } from '../lib/ids';
import type { Action } from '../schemas/action';
import type { RuleSource } from '../schemas/delivery-source';
import type { Fact } from '../schemas/event';
import type { DeliveryId, EntryId, MapId, WebhookId } from '../schemas/ids';
import { admitEntry } from '../store/admit-entry';
import type { Database, Session } from '../store/database';
import { insertDelivery } from '../store/deliveries';
import { findActiveEntries } from '../store/entries';
import { pauseEntry } from '../store/pause-entry';
import { insertRecord } from '../store/records';
import { getVersion } from '../store/versions';
import type { By, Firing } from './fire-rule';

const TASK_TYPE = 1;
const DAY_MS = 24 * 3600 * 1000;

/** What a log says of an action of a rule. @param of.place of the action in the rule, from 0 */
export const sourceOf = ({ event, rule, place }: Firing & { place: number }): RuleSource => ({
  type: rule.formId === null ? 'rule' : 'form',
  ruleId: rule._id,
  ...(rule.formId === null ? {} : { formId: rule.formId }),
  name: rule.settings.name,
  eventId: event._id,
  action: place,
});

/** The row of a delivery that a rule asks for; the pump starts it. @param of.place of the action in the rule, from 0 */
export async function orderRuleDelivery(
  db: Database,
  session: Session,
  of: Firing & { place: number; webhookId: WebhookId },
): Promise<DeliveryId> {
  const { event, found, webhookId } = of;
  const deliveryId = newId('delivery');
  const url = found.webhooks.find(({ _id }) => _id === webhookId)?.settings.url ?? '';
  const origin = {
    recordId: event.recordId,
    objectTypeId: event.objectTypeId,
    source: sourceOf(of),
    workflowId: deliveryWorkflowIdOf(deliveryId, 0),
    createdAt: now().toISOString(),
    host: hostOf(url),
  };
  await insertDelivery(db, session, queuedDelivery({ deliveryId, accountId: event.accountId, webhookId, origin }));
  return deliveryId;
}

/** Lets the record enter a published map where those enter that are added by hand. @returns null when it may not now */
export async function requestRuleEntry(
  db: Database,
  session: Session,
  of: Firing & { by: By; place: number; mapId: MapId },
): Promise<EntryId | null> {
  const { event, rule, found, by, mapId } = of;
  const map = found.maps.find(({ _id }) => _id === mapId);
  if (!map || map.publishedNumber === null) return null;
  const version = await getVersion(db, { mapId, number: map.publishedNumber });
  const trigger = chooseTrigger(version.elements);
  if (!trigger) return null;
  const admission = {
    accountId: event.accountId,
    mapId,
    mapName: map.name,
    objectTypeId: event.objectTypeId,
    recordId: event.recordId,
    versionNumber: version.number,
    triggerElementId: trigger.id,
    reentry: version.settings.reentry,
    eventId: null,
    key: `${rule._id}:${event._id}:${of.place}`,
    hops: by.hops,
  };
  return (await admitEntry(db, admission, session))?._id ?? null;
}

/** Pauses or resumes the record's entries on a map. @returns a fact for each that changed */
export async function pauseOnMap(
  db: Database,
  session: Session,
  of: Firing & { mapId: MapId; isPaused: boolean },
): Promise<Fact[]> {
  const { event, mapId, isPaused } = of;
  const facts: Fact[] = [];
  for (const entry of await findActiveEntries(db, event.recordId, session))
    if (entry.mapId === mapId) facts.push(...(await pauseEntry(db, session, { entry, isPaused })));
  return facts;
}

/** A task about the record, due so many days of 24 hours from now. */
export async function saveTask(
  db: Database,
  session: Session,
  of: Firing & { by: By; task: Extract<Action, { kind: 'assign-task' }> },
): Promise<void> {
  const { event, by, task } = of;
  const dueAt = new Date(now().getTime() + task.dueInDays * DAY_MS);
  await insertRecord(db, session, {
    accountId: event.accountId,
    objectTypeId: TASK_TYPE,
    fields: {
      subject: task.subject,
      due_date: dueAt.toISOString(),
      status: 'open',
      about_record: event.recordId,
    },
    tagIds: [],
    facts: [{ type: 'record.created' }],
    ...by,
  });
}
