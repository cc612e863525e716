import { type DecodedMap, decodeMap } from '../../domain/ontraport/decode-map';
import { encodeMap } from '../../domain/ontraport/encode-map';
import type { MapContext } from '../../domain/ontraport/map-context';
import type { MapDrawing } from '../../schemas/automation-map';
import type { WebhookId } from '../../schemas/ids';
import { idOfNumber, testNumbers } from './account-numbers';

const CRM = 'https://example.test/in';
/** The account of `testNumbers`, with a webhook to CRM; this map is its 140. */
export const context: MapContext = {
  numbers: testNumbers,
  mapNumber: '140',
  webhookFor: (url) => (url === CRM ? { value: idOfNumber('webhook', 31) } : { problem: 'the address is refused' }),
  urlOf: (webhookId: WebhookId) => (webhookId === idOfNumber('webhook', 31) ? CRM : undefined),
};

/** What is read of a map; throws when it cannot be read at all. */
export function read(record: Record<string, unknown>): DecodedMap {
  const decoded = decodeMap(record, context);
  if ('problems' in decoded) throw new Error(JSON.stringify(decoded.problems));
  return decoded.map;
}
/** The JSON of a drawing. */
export const write = (draft: MapDrawing) =>
  encodeMap({ number: 140, name: 'Welcome', objectTypeId: 0, isPaused: false, draft }, context);
/** A node of the kind that records enter by. */
export const trigger = (resource: object) => ({ id: '1', type: 'trigger', label: 'Tagged', resource });
/** What every trigger holds. */
export const repeat = { object_activate: 'any', trigger_repeat_action: 'ignore' };

/** One node of each type that is understood, as they are written. */
export const NODES = [
  trigger({
    ...repeat,
    rule_editor: {
      events: {
        statement: [{ sub_tag: { a0: '4' } }, { purchase_product: { a0: '0' } }, { added_to_campaign: { a0: '140' } }],
      },
      conditions: {
        statement: [{ field_condition: { a0: 'state', a1: 'e', a2: 'CA' } }, { is_tagged: { a0: '7' } }],
        conjunction: ['1', '1'],
      },
    },
  }),
  { id: '2', type: 'wait', label: '', resource: { wait_type: 'time', time_days: '2', time_hours: '1' } },
  { id: '3', type: 'webhook', label: 'Tell', resource: { webhook_id: '31', destination_url: CRM } },
  {
    id: '4',
    type: 'condition',
    label: '',
    resource: {
      rule_editor: {
        conditions: { statement: [{ field_condition: { a0: 'score', a1: 'ge', a2: '5' } }], conjunction: ['0'] },
      },
    },
  },
  {
    id: '5',
    type: 'change_tags',
    label: '',
    resource: { tag_selector: { list: [{ value: '4' }, { value: '5' }], sub_unsub: 'remove_list' } },
  },
  {
    id: '6',
    type: 'update_contact',
    label: '',
    resource: { update_contact_field: 'score', update_contact_val: '7', list_action_selector: 'SET' },
  },
  { id: '7', type: 'end', label: '', resource: { remove_contacts: '1' } },
];
/** Their lines. */
export const EDGES = [
  { source: '1', target: '2' },
  { source: '2', target: '3' },
  { source: '3', target: '4' },
  { source: '4', target: '5', type: 'yes' },
  { source: '4', target: '6', type: 'no' },
  { source: '5', target: '7' },
  { source: '6', target: '7' },
];
/** The drawing. */
export const CAMPAIGN = { nodes: NODES, edges: EDGES, resource: { campaign_editor_checklist: [] } };
/** The whole map, as `CampaignBuilderItem` is answered. */
export const MAP = { id: '140', name: 'Welcome', object_type_id: '0', pause: '0', campaign: CAMPAIGN };
