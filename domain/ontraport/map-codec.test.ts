import { expect, test } from '@jest/globals';
import { idOfNumber } from '../../tests/rendering/account-numbers';
import { CAMPAIGN, EDGES, MAP, NODES, read, write } from '../../tests/rendering/ontraport-map';

const tag = (n: number) => idOfNumber('tag', n);

test('a map of all elements that are understood becomes ours, and the same again', () => {
  const { drawing, kept } = read(MAP);
  expect(kept).toEqual([]);
  expect(drawing.settings).toEqual({ reentry: 'after-leaving' });
  expect(drawing.elements.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
    'n1 trigger',
    'n2 wait',
    'n3 webhook',
    'n4 condition',
    'n5 change-tags',
    'n6 change-field',
    'n7 end',
  ]);
  expect(drawing.elements[0]).toMatchObject({
    title: 'Tagged',
    settings: {
      events: [{ type: 'tag.added', tagId: tag(4) }, { type: 'product.purchased' }, { type: 'manual' }],
      condition: {
        kind: 'any',
        of: [
          { kind: 'field', fieldId: 'state' },
          { kind: 'tag', op: 'has', tagId: tag(7) },
        ],
      },
    },
  });
  expect(drawing.elements[1]).toMatchObject({ settings: { kind: 'duration', seconds: 49 * 3600 } });
  expect(drawing.elements[2]).toMatchObject({ settings: { webhookId: idOfNumber('webhook', 31) } });
  expect(drawing.elements[5]).toMatchObject({ settings: { fieldId: 'score', value: 7 } });
  expect(drawing.edges).toContainEqual({ from: 'n4', port: 'yes', to: 'n5' });
  expect(write(drawing)).toEqual(MAP);
});

const numbered = (edges: typeof EDGES) =>
  edges.map(({ source, target, type }) => ({
    from: Number(source),
    to: Number(target),
    sourceHandle: type ?? 'default',
  }));
const numericIds = { nodes: NODES.map((node) => ({ ...node, id: Number(node.id) })), edges: numbered(EDGES) };
test.each([
  ['as JSON text', { ...MAP, campaign: JSON.stringify(CAMPAIGN) }],
  ['under campaign.elements', { ...MAP, campaign: { elements: { nodes: NODES, edges: EDGES } } }],
  ['at the top', { ...MAP, campaign: undefined, nodes: NODES, edges: EDGES }],
  ['with lists as JSON text', { ...MAP, campaign: { nodes: JSON.stringify(NODES), edges: JSON.stringify(EDGES) } }],
  ['with numbers for ids, from and to, and sourceHandle', { ...MAP, campaign: numericIds }],
  [
    'with data for resource',
    { ...MAP, campaign: { ...CAMPAIGN, nodes: NODES.map(({ resource, ...node }) => ({ ...node, data: resource })) } },
  ],
])('nodes and edges are found %s', (_, record) => {
  expect(read(record)).toEqual(read(MAP));
});

test('a Go To becomes a line to where it jumps', () => {
  const jump = { id: '8', type: 'goto', label: '', resource: {} };
  const campaign = {
    nodes: [...NODES, jump],
    edges: [...EDGES.slice(0, -1), { source: '6', target: '8' }, { source: '8', target: '7', type: 'goto' }],
  };
  expect(read({ ...MAP, campaign })).toEqual(read(MAP));
  const circle = { nodes: [...NODES, jump], edges: [...EDGES, { source: '8', target: '8' }] };
  expect(read({ ...MAP, campaign: circle }).kept).toEqual([expect.objectContaining({ elementId: 'n8', type: 'goto' })]);
});

test('conditions about maps, e-mails and dates that move with the clock become ours, and the same again', () => {
  const mapId = idOfNumber('map', 140);
  const statement = [
    { paused_or_active_on_camp: { a0: '140', a1: '1' } },
    { paused_or_active_on_camp: { a0: '140', a1: '0' } },
    { opened_email: { a0: '5', a1: 'ge', a2: '2' } },
    { clicked_email: { a0: '0', a1: 'e', a2: '0' } },
    { field_condition: { a0: 'birthday', a1: 'ge', a2: 'S2WEEKS' } },
    { field_condition: { a0: 'birthday', a1: 'e', a2: 'TODAY' } },
  ];
  const conditions = { statement, conjunction: statement.map(() => '0') };
  const nodes = NODES.map((node) => (node.id === '4' ? { ...node, resource: { rule_editor: { conditions } } } : node));
  const record = { ...MAP, campaign: { ...CAMPAIGN, nodes } };
  const { drawing, kept } = read(record);
  expect(kept).toEqual([]);
  const on = (amount: number, unit: string) => ({ from: 'today', amount, unit });
  expect(drawing.elements.find(({ id }) => id === 'n4')?.settings).toEqual({
    condition: {
      kind: 'all',
      of: [
        { kind: 'map', op: 'paused', mapId },
        { kind: 'map', op: 'active', mapId },
        { kind: 'email', did: 'opened', messageId: '5', op: 'at-least', value: 2 },
        { kind: 'email', did: 'clicked', op: 'equals', value: 0 },
        { kind: 'field', fieldId: 'birthday', op: 'at-least', value: on(-2, 'weeks') },
        { kind: 'field', fieldId: 'birthday', op: 'equals', value: on(0, 'days') },
      ],
    },
  });
  expect(write(drawing)).toEqual(record);
});

test.each([
  ['any', 'any'],
  ['campaign', 'inside'],
  ['wait', 'waiting'],
])('a goal that reaches %s becomes one with the reach %s, and the same again', (said, reach) => {
  const events = { statement: [{ sub_tag: { a0: '4' } }] };
  const resource = { object_activate: said, rule_editor: { events }, trigger_repeat_action: 'ignore' };
  const goal = { id: '8', type: 'goal', label: 'Bought', resource };
  const campaign = { ...CAMPAIGN, nodes: [...NODES, goal], edges: [...EDGES, { source: '8', target: '7' }] };
  const record = { ...MAP, campaign };
  const { drawing, kept } = read(record);
  expect(kept).toEqual([]);
  expect(drawing.elements[7]).toEqual({
    id: 'n8',
    kind: 'goal',
    title: 'Bought',
    settings: { events: [{ type: 'tag.added', tagId: tag(4) }], reach, onFoot: 'pass' },
  });
  expect(write(drawing)).toEqual(record);
  const waiting = drawing.elements.map((element) =>
    element.kind === 'goal' ? { ...element, settings: { ...element.settings, onFoot: 'wait' as const } } : element,
  );
  expect(read(write({ ...drawing, elements: waiting }) as never).drawing.elements).toEqual(waiting);
});

const nodeOf = (id: string, resource: object) => NODES.map((node) => (node.id === id ? { ...node, resource } : node));
const changing = (fieldId: string, value: string) =>
  nodeOf('6', { update_contact_field: fieldId, update_contact_val: value, list_action_selector: 'SET' });
test.each([
  ['colours', '*/*1*/*3*/*', ['red', 'green']],
  ['size', '2', 'M'],
  ['employer', '12', idOfNumber('record', 12)],
])('%s is changed to what %s names by its ids, and the same again', (fieldId, text, value) => {
  const record = { ...MAP, campaign: { ...CAMPAIGN, nodes: changing(fieldId, text) } };
  const { drawing, kept } = read(record);
  expect(kept).toEqual([]);
  expect(drawing.elements.find(({ id }) => id === 'n6')?.settings).toEqual({ fieldId, value });
  expect(write(drawing)).toEqual(record);
});

test('an option or record that is not there makes the element a placeholder', () => {
  const reasonOf = (fieldId: string, text: string) =>
    read({ ...MAP, campaign: { ...CAMPAIGN, nodes: changing(fieldId, text) } }).kept[0]?.reason;
  expect(reasonOf('colours', '*/*9*/*')).toMatch(/holds 9, which is not among its options/);
  expect(reasonOf('size', '9')).toMatch(/must be one of S, M, 1/);
  expect(reasonOf('employer', '1234')).toMatch(/there is no record 1234/);
});

test('options and records are compared by their ids; a map and whether it is paused stand in either order', () => {
  const statement = [
    { field_condition: { a0: 'colours', a1: 'c', a2: '2' } },
    { field_condition: { a0: 'size', a1: 'e', a2: '1' } },
    { field_condition: { a0: 'employer', a1: 'n', a2: '12' } },
    { paused_or_active_on_camp: { a0: '1', a1: '0' } },
  ];
  const askIn = (statement: object[]) => {
    const conditions = { statement, conjunction: statement.map(() => '0') };
    const record = { ...MAP, campaign: { ...CAMPAIGN, nodes: nodeOf('4', { rule_editor: { conditions } }) } };
    const { drawing, kept } = read(record);
    expect(kept).toEqual([]);
    return { record, drawing, settings: drawing.elements.find(({ id }) => id === 'n4')?.settings };
  };
  const { record, drawing, settings } = askIn(statement);
  const [mapId, employer] = [idOfNumber('map', 1), idOfNumber('record', 12)];
  expect(settings).toEqual({
    condition: {
      kind: 'all',
      of: [
        { kind: 'field', fieldId: 'colours', op: 'contains', value: 'blue' },
        { kind: 'field', fieldId: 'size', op: 'equals', value: 'S' },
        { kind: 'field', fieldId: 'employer', op: 'not-equals', value: employer },
        { kind: 'map', op: 'active', mapId },
      ],
    },
  });
  expect(write(drawing)).toEqual(record);
  const orders = [
    [
      { a0: '140', a1: '1' },
      { a0: '1', a1: '140' },
    ],
    [
      { a0: '140', a1: '0' },
      { a0: '0', a1: '140' },
    ],
    [
      { a0: '1', a1: '0' },
      { a0: '0', a1: '1' },
    ],
  ];
  for (const [first, second] of orders)
    expect(askIn([{ paused_or_active_on_camp: first }]).settings).toEqual(
      askIn([{ paused_or_active_on_camp: second }]).settings,
    );
});
