import type { Element } from '../../schemas/element';
import type { FieldValue } from '../../schemas/field';
import { writeFieldText } from './field-text';
import type { MapContext } from './map-context';
import { writeConditions, writeEvents } from './map-statements';
import { REACH_OF } from './read-node';

const WRITTEN_REACH = Object.fromEntries(Object.entries(REACH_OF).map(([written, reach]) => [reach, written]));

/** An element as a node of Ontraport: its type and what stands under `resource`. @throws never */
export function writeNode(
  element: Exclude<Element, { kind: 'placeholder' }>,
  context: MapContext,
): { type: string; resource: Record<string, unknown> } {
  const { numbers } = context;
  switch (element.kind) {
    case 'trigger':
    case 'goal': {
      const { events, condition } = element.settings;
      const conditions = condition ? { conditions: writeConditions(condition, context) } : {};
      const editor = { events: { statement: writeEvents(events, context) }, ...conditions };
      const reach = element.kind === 'goal' ? (WRITTEN_REACH[element.settings.reach] ?? '') : 'any';
      return { type: element.kind, resource: { object_activate: reach, rule_editor: editor } };
    }
    case 'condition':
      return {
        type: 'condition',
        resource: { rule_editor: { conditions: writeConditions(element.settings.condition, context) } },
      };
    case 'wait':
      return { type: 'wait', resource: { wait_type: 'time', ...writeDuration(element.settings.seconds) } };
    case 'change-tags': {
      const { add, remove } = element.settings;
      const [tagIds, how] = add.length > 0 ? [add, 'add_list'] : [remove, 'remove_list'];
      const list = tagIds.flatMap((tagId) => {
        const number = numbers.numberOf('tag', tagId);
        return number === undefined ? [] : [{ value: String(number) }];
      });
      return { type: 'change_tags', resource: { tag_selector: { list, sub_unsub: how } } };
    }
    case 'change-field':
      return { type: 'update_contact', resource: writeFieldChange(element.settings, context) };
    case 'webhook': {
      const { webhookId } = element.settings;
      const number = numbers.numberOf('webhook', webhookId);
      const url = context.urlOf(webhookId) ?? '';
      const id = number === undefined ? {} : { webhook_id: String(number) };
      return { type: 'webhook', resource: { ...id, destination_url: url } };
    }
    case 'end':
      return { type: 'end', resource: { remove_contacts: '1' } };
  }
}

const writeFieldChange = ({ fieldId, value }: { fieldId: string; value: FieldValue }, { numbers }: MapContext) => ({
  update_contact_field: fieldId,
  update_contact_val: writeFieldText(value, numbers.fieldOf(fieldId), numbers) ?? '',
  list_action_selector: 'SET',
});

function writeDuration(seconds: number): Record<string, string> {
  const parts = {
    time_days: Math.floor(seconds / 86_400),
    time_hours: Math.floor((seconds % 86_400) / 3600),
    time_minutes: Math.ceil((seconds % 3600) / 60),
  };
  return Object.fromEntries(Object.entries(parts).flatMap(([unit, n]) => (n === 0 ? [] : [[unit, String(n)]])));
}
