import type { ActionKind } from './action';
import type { Fits } from './fits';
import { type Param, type Spelling, spelled } from './spelling';

/** One thing that rules do, in Ontraport's vocabularies. */
export interface ActionRow {
  kind: ActionKind;
  title: string;
  fits: Fits;
  rule: readonly Spelling<Record<string, unknown>>[];
  /** Types of element in the JSON of maps: the first is written, all are read */
  mapTypes: readonly string[];
}

const map: Param = { key: 'mapId', holds: 'map' };
const message: Param = { key: 'messageId', holds: 'message' };

/** The one table of actions. Those without a spelling are ours alone. Source: reference section 2C. */
export const ACTION_ROWS: readonly ActionRow[] = [
  {
    kind: 'send-webhook',
    title: 'Send to a webhook',
    fits: 'any',
    rule: [spelled('Ping_APIURL', {}, { key: 'webhookId', holds: 'webhook' })],
    mapTypes: ['webhook'],
  },
  {
    kind: 'change-tags',
    title: 'Add or remove a tag',
    fits: 'any',
    rule: [
      spelled('Add_contact_to_category', {}, { key: 'add', holds: 'tags' }),
      spelled('Remove_contact_from_category', {}, { key: 'remove', holds: 'tags' }),
    ],
    mapTypes: ['change_tags', 'add_tag', 'remove_tag'],
  },
  {
    kind: 'change-field',
    title: 'Change a field',
    fits: 'any',
    rule: [
      spelled(
        'Change_field_to_fieldvalue',
        {},
        { key: 'fieldId', holds: 'field' },
        { key: 'value', holds: 'new-value' },
        { open: '0' },
      ),
    ],
    mapTypes: ['update_contact', 'change_field'],
  },
  {
    kind: 'add-to-map',
    title: 'Add to a map',
    fits: 'any',
    rule: [spelled('campaign_builder_action_change', {}, { only: '0' }, map)],
    mapTypes: ['add_to_campaign'],
  },
  {
    kind: 'remove-from-map',
    title: 'Remove from a map',
    fits: 'any',
    rule: [spelled('campaign_builder_action_change', {}, { only: '1' }, map)],
    mapTypes: ['remove_from_campaign'],
  },
  {
    kind: 'pause-on-map',
    title: 'Pause on a map',
    fits: 'any',
    rule: [spelled('pause_or_unpause_on_camp', {}, { only: '1' }, map)],
    mapTypes: [],
  },
  {
    kind: 'resume-on-map',
    title: 'Resume on a map',
    fits: 'any',
    rule: [spelled('pause_or_unpause_on_camp', {}, { only: '0' }, map)],
    mapTypes: [],
  },
  { kind: 'assign-task', title: 'Assign a task', fits: 'any', rule: [], mapTypes: [] },
  {
    kind: 'send-email',
    title: 'Send an e-mail',
    fits: 'any',
    rule: [spelled('Send_contact_an_emailmbs', {}, message)],
    mapTypes: [],
  },
  {
    kind: 'send-sms',
    title: 'Send an SMS',
    fits: 'any',
    // The number that sends is the gateway's business.
    rule: [spelled('send_contact_an_sms', {}, message, { open: '0' })],
    mapTypes: [],
  },
  { kind: 'create-record', title: 'Create a record', fits: 'any', rule: [], mapTypes: [] },
  { kind: 'add-note', title: 'Add a note', fits: 'any', rule: [], mapTypes: [] },
  // Ontraport names a user, and there are none here.
  { kind: 'notify', title: 'Notify someone by e-mail', fits: 'any', rule: [], mapTypes: [] },
];
