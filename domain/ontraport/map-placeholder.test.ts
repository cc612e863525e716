import { expect, test } from '@jest/globals';
import { CAMPAIGN, context, EDGES, MAP, NODES, read, repeat, write } from '../../tests/rendering/ontraport-map';
import { decodeMap } from './decode-map';

test('what is not understood stands in the map as it came, and goes out as it came', () => {
  const strange = [
    [
      { id: '8', type: 'split', label: 'A/B', resource: { splitTests: [{ id: '1', weight: 50 }] } },
      'elements of type "split"',
    ],
    [
      {
        id: '8',
        type: 'wait',
        label: '',
        resource: {
          wait_type: 'time',
          time_days: '2',
          wait_till_tod: '1',
          wait_tod_time: '9:00:am',
          timezone: 'contact',
        },
      },
      'wait_till_tod',
    ],
    [{ id: '8', type: 'wait', label: '', resource: { wait_type: 'day_of_week', custom_dow_1: '1' } }, 'day_of_week'],
    [{ id: '8', type: 'wait', label: '', resource: {} }, 'until a goal is met'],
    [{ id: '8', type: 'end', label: '', resource: {} }, 'records stay on the map'],
    [
      { id: '8', type: 'webhook', label: '', resource: { destination_url: 'http://10.0.0.1/' } },
      'the address is refused',
    ],
    [
      {
        id: '8',
        type: 'update_contact',
        label: '',
        resource: { update_contact_field: 'colours', list_action_selector: 'ADD' },
      },
      'adds to a list',
    ],
    [{ id: '8', type: 'add_tag', label: '', resource: { add_tag: '1234' } }, 'there is no tag 1234'],
    [
      {
        id: '8',
        type: 'trigger',
        label: '',
        resource: { rule_editor: { events: { statement: [{ visits_url: { a0: 'x' } }] } } },
      },
      '"visits_url" has no counterpart',
    ],
    [
      {
        id: '8',
        type: 'trigger',
        label: '',
        resource: { trigger_repeat_action: 'move', rule_editor: { events: { statement: [{ object_create: [] }] } } },
      },
      '"move"',
    ],
    [{ id: '8', type: 'goal', label: '', resource: { ...repeat } }, 'it has no events'],
    [{ id: '8', type: 'goal', label: '', resource: { object_activate: 'all' } }, 'its reach "all" is not known'],
    [{ id: '8', type: 'goto', label: '', resource: {} }, 'elements of type "goto"'],
    [{ id: '8', type: 'constructor', label: '', resource: {} }, 'elements of type "constructor"'],
  ] as const;
  for (const [node, why] of strange) {
    const campaign = {
      ...CAMPAIGN,
      nodes: [...NODES, node],
      edges: [...EDGES, { source: '2', target: '8', type: 'goal' }],
    };
    const { drawing, kept } = read({ ...MAP, campaign });
    expect(kept).toEqual([{ elementId: 'n8', type: node.type, reason: expect.stringContaining(why) }]);
    expect(drawing.elements[7]).toMatchObject({ kind: 'placeholder', settings: { raw: JSON.stringify(node) } });
    expect(drawing.edges.at(-1)).toEqual({ from: 'n2', port: 'goal', to: 'n8' });
    expect(write(drawing)).toEqual({ ...MAP, campaign });
    expect(JSON.stringify(write(drawing).campaign.nodes[7])).toBe(JSON.stringify(node));
  }
});

test.each([
  ['no campaign', {}, 'campaign'],
  ['a campaign that is no JSON', { campaign: 'no JSON' }, 'campaign'],
  ['nodes that are no list', { campaign: { nodes: {} } }, 'campaign'],
  ['501 nodes', { campaign: { nodes: Array(501).fill({}) } }, 'campaign.nodes'],
  ['2001 edges', { campaign: { nodes: [], edges: Array(2001).fill({}) } }, 'campaign.edges'],
  [
    'a node of 70,000 characters',
    { campaign: { nodes: [{ id: '1', label: 'x'.repeat(70_000) }] } },
    'campaign.nodes.0',
  ],
  ['an object type without a number', { object_type_id: 'deal', campaign: { nodes: [] } }, 'object_type_id'],
])('%s is refused with its place', (_, record, path) => {
  expect(decodeMap(record, context)).toMatchObject({ problems: [{ path }] });
});
