import type { Reentry } from '../../schemas/automation-map';
import type { ElementKind, ElementOf } from '../../schemas/element';
import type { TagId, WebhookId } from '../../schemas/ids';
import { type Read, readFieldText } from './field-text';
import type { MapContext } from './map-context';
import { asObject, asText, type JsonObject, memberOf, saysNothing, unknownIn } from './map-json';
import { readConditions, readEvents } from './map-statements';

/** Settings of one type of element, as they stand under `resource`. */
interface NodeKind {
  kind: ElementKind;
  read(resource: JsonObject, context: MapContext, label: string): Read<object>;
}

const nodeKind = <K extends ElementKind>(
  kind: K,
  read: (resource: JsonObject, context: MapContext, label: string) => Read<ElementOf<K>['settings']>,
): NodeKind => ({ kind, read });
const DAY = 24 * 3600;
const HOUR = 3600;
const MINUTE = 60;
const DURATION = ['time_days', 'time_hours', 'time_minutes'] as const;
const SECONDS = { time_days: DAY, time_hours: HOUR, time_minutes: MINUTE };
const URL_KEYS = ['destination_url', 'webhook_url', 'url'];
/** Kinds by which records enter. */
export const ENTERED: readonly ElementKind[] = ['trigger', 'goal'];
/** How these treat who is inside already. */
export const REPEAT = 'trigger_repeat_action';
/** The same as a setting of the map; "move" has no counterpart. */
export const REENTRY_OF: Readonly<Record<string, Reentry>> = { ignore: 'after-leaving', copy: 'always' };

/** Whom a goal reaches, by its `object_activate`. Source: reference section 1B.20. */
export const REACH_OF: Readonly<Record<string, ElementOf<'goal'>['settings']['reach']>> = {
  any: 'any',
  campaign: 'inside',
  wait: 'waiting',
};

/** Node types of Ontraport that are understood. Source: reference sections 1B.24 and 2D. */
export const NODE_KINDS: Readonly<Record<string, NodeKind>> = {
  trigger: nodeKind('trigger', (resource, context) =>
    ['', 'any'].includes(asText(resource.object_activate))
      ? readMet(resource, context)
      : { problem: 'only records inside the map are meant' },
  ),
  goal: nodeKind('goal', (resource, context) => {
    const said = asText(resource.object_activate) || 'campaign';
    const reach = Object.hasOwn(REACH_OF, said) ? REACH_OF[said] : undefined;
    if (!reach) return { problem: `its reach "${said.slice(0, 40)}" is not known` };
    const read = readMet(resource, context);
    return 'problem' in read ? read : { value: { ...read.value, reach, onFoot: 'pass' } };
  }),
  condition: nodeKind('condition', (resource, context) => {
    const strange = refuseUnknown(resource, ['rule_editor']);
    if (strange) return strange;
    if (!saysNothing(memberOf(asObject(resource.rule_editor), 'events')))
      return { problem: 'a condition has no events' };
    const read = readConditions(resource.rule_editor, context);
    if ('problem' in read) return read;
    return read.value ? { value: { condition: read.value } } : { problem: 'it asks nothing' };
  }),
  wait: nodeKind('wait', readWait),
  webhook: nodeKind('webhook', readWebhook),
  change_tags: nodeKind('change-tags', (resource, { numbers }) => {
    const selector = asObject(resource.tag_selector) ?? {};
    const strange = refuseUnknown(resource, ['tag_selector']) ?? refuseUnknown(selector, ['list', 'sub_unsub']);
    if (strange) return strange;
    const list = Array.isArray(selector.list) ? selector.list : [];
    const tagIds: TagId[] = [];
    for (const item of list) {
      const number = asText(memberOf(asObject(item), 'value') ?? item);
      const tagId = numbers.idOf('tag', Number(number));
      if (!tagId) return { problem: `there is no tag ${number.slice(0, 40)} in this account` };
      tagIds.push(tagId as TagId);
    }
    const how = asText(selector.sub_unsub);
    if (how !== 'add_list' && how !== 'remove_list') return { problem: 'it must say add_list or remove_list' };
    return { value: how === 'add_list' ? { add: tagIds, remove: [] } : { add: [], remove: tagIds } };
  }),
  add_tag: nodeKind('change-tags', (resource, context) => readOneTag(resource, 'add_tag', context)),
  remove_tag: nodeKind('change-tags', (resource, context) => readOneTag(resource, 'remove_tag', context)),
  update_contact: nodeKind('change-field', readFieldChange),
  change_field: nodeKind('change-field', readFieldChange),
  end: nodeKind('end', (resource) => {
    const strange = refuseUnknown(resource, ['remove_contacts']);
    if (strange) return strange;
    return saysNothing(resource.remove_contacts)
      ? { problem: 'records stay on the map here; an end lets them go' }
      : { value: {} };
  }),
  exit: nodeKind('end', (resource) => refuseUnknown(resource, ['remove_contacts']) ?? { value: {} }),
};

/** What sets off a trigger, and meets a goal. */
function readMet(resource: JsonObject, context: MapContext): Read<ElementOf<'trigger'>['settings']> {
  const strange =
    refuseUnknown(resource, ['object_activate', REPEAT, 'rule_editor']) ??
    refuseUnknown(asObject(resource.rule_editor) ?? {}, ['events', 'conditions']);
  if (strange) return strange;
  const events = readEvents(resource.rule_editor, context);
  if ('problem' in events) return events;
  if (events.value.length === 0) return { problem: 'it has no events' };
  const condition = readConditions(resource.rule_editor, context);
  if ('problem' in condition) return condition;
  return { value: { events: events.value, ...(condition.value ? { condition: condition.value } : {}) } };
}

function readWait(resource: JsonObject): Read<ElementOf<'wait'>['settings']> {
  const isUntilTime = !saysNothing(resource.wait_till_tod);
  const times = isUntilTime ? [] : ['wait_tod_time', 'wait_tod_timezone', 'timezone'];
  const type = asText(resource.wait_type);
  if (!['', 'time'].includes(type)) return { problem: `the wait "${type.slice(0, 40)}" has no counterpart here` };
  const strange = refuseUnknown(resource, ['wait_type', ...DURATION, ...times]);
  if (strange) return strange;
  const parts = DURATION.map((unit) => ({ unit, text: asText(resource[unit]) || '0' }));
  const odd = parts.find(({ text }) => !/^\d{1,6}$/.test(text));
  if (odd) return { problem: `its ${odd.unit} is no whole number` };
  const seconds = parts.reduce((sum, { unit, text }) => sum + Number(text) * SECONDS[unit], 0);
  if (type === '' && seconds === 0) return { problem: 'it waits until a goal is met' };
  return { value: { kind: 'duration', seconds } };
}

function readWebhook(resource: JsonObject, context: MapContext, label: string): Read<ElementOf<'webhook'>['settings']> {
  const strange = refuseUnknown(resource, ['webhook_id', ...URL_KEYS]);
  if (strange) return strange;
  const id = context.numbers.idOf('webhook', Number(asText(resource.webhook_id)));
  if (id) return { value: { webhookId: id as WebhookId, onFailure: 'continue' } };
  const url = URL_KEYS.map((key) => asText(resource[key]).trim()).find(Boolean);
  if (url === undefined) return { problem: 'it names no URL' };
  const found = context.webhookFor(url, label);
  return 'problem' in found ? found : { value: { webhookId: found.value, onFailure: 'continue' } };
}

function readOneTag(
  resource: JsonObject,
  key: 'add_tag' | 'remove_tag',
  { numbers }: MapContext,
): Read<ElementOf<'change-tags'>['settings']> {
  const strange = refuseUnknown(resource, [key]);
  if (strange) return strange;
  const number = asText(resource[key]);
  const tagId = numbers.idOf('tag', Number(number)) as TagId | undefined;
  if (!tagId) return { problem: `there is no tag ${number.slice(0, 40)} in this account` };
  return { value: key === 'add_tag' ? { add: [tagId], remove: [] } : { add: [], remove: [tagId] } };
}

function readFieldChange(resource: JsonObject, { numbers }: MapContext): Read<ElementOf<'change-field'>['settings']> {
  const strange = refuseUnknown(resource, ['update_contact_field', 'update_contact_val', 'list_action_selector']);
  if (strange) return strange;
  if (!['', 'SET'].includes(asText(resource.list_action_selector)))
    return { problem: 'it adds to a list or takes from it' };
  const fieldId = asText(resource.update_contact_field);
  const read = readFieldText(asText(resource.update_contact_val), numbers.fieldOf(fieldId), numbers);
  return 'problem' in read ? read : { value: { fieldId, value: read.value } };
}

function refuseUnknown(object: JsonObject, known: readonly string[]): { problem: string } | null {
  const [name] = unknownIn(object, [...known, 'hookline']);
  return name === undefined ? null : { problem: `its setting "${name.slice(0, 60)}" has no counterpart here` };
}
