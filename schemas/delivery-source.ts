import type { EntryId, EventId, FormId, MapId, OutgoingMessageId, PositionId, RuleId, SubscriptionId } from './ids';

/** What sent a delivery: its row in the log names it. */
export const SOURCE_TYPES = ['map', 'rule', 'form', 'subscription', 'test'] as const;
export type SourceType = (typeof SOURCE_TYPES)[number];
export interface MapSource {
  type: 'map';
  mapId: MapId;
  name: string;
  elementId: string;
  entryId: EntryId;
  positionId: PositionId;
  step: number;
}
/** A person's test of a webhook, or of a subscription with its sample payload; `name` is the webhook's or the event's. */
export interface TestSource {
  type: 'test';
  name: string;
  subscriptionId?: SubscriptionId;
}
/** An action of a global rule, or of one of a form's rules; `name` is the rule's or the form's. */
export interface RuleSource {
  type: 'rule' | 'form';
  ruleId: RuleId;
  /** Of a form's rule */
  formId?: FormId;
  name: string;
  eventId: EventId;
  /** Place of the action in the rule, from 0 */
  action: number;
  /** The SMS that it hands to the account's gateway */
  outgoingId?: OutgoingMessageId;
}
/** What an API client subscribed to; `name` is the event's. */
export interface SubscriptionSource {
  type: 'subscription';
  subscriptionId: SubscriptionId;
  name: string;
  eventId: EventId;
}
export type DeliverySource = MapSource | RuleSource | SubscriptionSource | TestSource;
