import { expect, test } from '@jest/globals';
import { type MapDrawing, mapDrawing, mapFile } from '../schemas/automation-map';
import type { TagId, WebhookId } from '../schemas/ids';
import { type WebhookSettings, webhookSettings } from '../schemas/webhook';
import { buildMapFile, resolveMapFile } from './map-file';

const TAG = 'tag_00000000000000000000000001' as TagId;
const [ONE, TWO] = ['whk_00000000000000000000000001', 'whk_00000000000000000000000002'] as WebhookId[] as [
  WebhookId,
  WebhookId,
];
const settings = (more: object = {}): WebhookSettings =>
  webhookSettings.parse({ name: 'CRM', url: 'https://example.com', ...more });

const draft: MapDrawing = mapDrawing.parse({
  elements: [
    {
      id: 'start',
      kind: 'trigger',
      settings: {
        events: [{ type: 'tag.added', tagId: TAG }],
        condition: { kind: 'not', of: { kind: 'tag', op: 'has', tagId: TAG } },
      },
    },
    { id: 'mark', kind: 'change-tags', title: 'tag:Customer', settings: { add: [TAG], remove: [] } },
    { id: 'set', kind: 'change-field', settings: { fieldId: 'notes', value: `tag:x ${TAG}` } },
    { id: 'one', kind: 'webhook', settings: { webhookId: ONE } },
    { id: 'two', kind: 'webhook', settings: { webhookId: TWO } },
  ],
});
const names = {
  tagNames: new Map([[TAG, 'Big: Customer']]),
  webhooks: new Map([
    [ONE, settings()],
    [
      TWO,
      settings({
        headers: [
          { name: 'Authorization', value: 'Bearer secret' },
          { name: 'X-Source', value: 'map' },
        ],
      }),
    ],
  ]),
};
const of = { name: 'Map', objectTypeId: 0, draft };

test('a file names tags and webhooks, tells webhooks of one name apart, and keeps secrets back', () => {
  const file = buildMapFile(of, names);
  expect(mapFile.parse(file)).toEqual(file);
  expect(file.requires.tags).toEqual(['Big: Customer']);
  expect(file.requires.webhooks.map(({ name }) => name)).toEqual(['CRM', 'CRM (2)']);
  expect(file.requires.webhooks[1]?.headers).toEqual([
    { name: 'Authorization', value: '', isSecret: true },
    { name: 'X-Source', value: 'map', isSecret: false },
  ]);
  expect(JSON.stringify(file)).not.toContain('secret');
  expect(JSON.stringify(file).match(/tag:Big: Customer/g)).toHaveLength(3);
});

test('resolving puts ids where names were, and leaves all other text alone', () => {
  const file = buildMapFile(of, names);
  const ids = {
    tagIds: new Map([['big: customer', TAG]]),
    webhookIds: new Map([
      ['CRM', ONE],
      ['CRM (2)', TWO],
    ]),
  };
  const { drawing, problems } = resolveMapFile(file, ids);
  expect(problems).toEqual([]);
  expect(mapDrawing.parse(drawing)).toEqual(draft);
});

test('names that the file does not bring are problems with their place', () => {
  const { problems } = resolveMapFile(buildMapFile(of, names), {
    tagIds: new Map(),
    webhookIds: new Map([['CRM', ONE]]),
  });
  expect(problems.map(({ path }) => path)).toEqual([
    'drawing.elements.0.settings.events.0.tagId',
    'drawing.elements.0.settings.condition.of.tagId',
    'drawing.elements.1.settings.add.0',
    'drawing.elements.4.settings.webhookId',
  ]);
});

test('two webhooks of one name in a file cannot be told apart', () => {
  const file = mapFile.parse({
    schemaVersion: 1,
    name: 'x',
    requires: { webhooks: [settings(), settings()] },
    drawing: {},
  });
  const { problems } = resolveMapFile(file, { tagIds: new Map(), webhookIds: new Map() });
  expect(problems).toEqual([{ path: 'requires.webhooks.1.name', message: 'is there twice' }]);
});
