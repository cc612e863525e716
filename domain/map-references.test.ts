import { expect, test } from '@jest/globals';
import { mapDrawing } from '../schemas/automation-map';
import { findReferences } from './map-references';

const id = (prefix: string, n: number): string => `${prefix}_${String(n).padStart(26, '0')}`;

test('a drawing names what its triggers listen for and what its conditions ask about, each once', () => {
  const onMap = { kind: 'map', op: 'on', mapId: id('map', 1) };
  const bought = { kind: 'purchases', measure: 'count', productId: id('rec', 2), op: 'at-least', value: 1 };
  const drawing = mapDrawing.parse({
    elements: [
      {
        id: 'start',
        kind: 'trigger',
        settings: {
          events: [
            { type: 'product.purchased', productId: id('rec', 1) },
            { type: 'map.removed', mapId: id('map', 2) },
            { type: 'tag.added', tagId: id('tag', 1) },
            { type: 'tag.added' },
          ],
          condition: { kind: 'not', of: onMap },
        },
      },
      { id: 'decide', kind: 'condition', settings: { condition: { kind: 'all', of: [onMap, bought] } } },
      { id: 'send', kind: 'webhook', settings: { webhookId: id('whk', 1) } },
    ],
  });
  expect(findReferences(drawing)).toEqual({
    tagIds: [id('tag', 1)],
    webhookIds: [id('whk', 1)],
    mapIds: [id('map', 2), id('map', 1)],
    productIds: [id('rec', 1), id('rec', 2)],
    formIds: [],
    inboundIds: [],
    messageIds: [],
  });
});
