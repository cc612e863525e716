import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MapDrawing } from '../../schemas/automation-map';
import type { StoredEntry } from '../../schemas/entry';
import type { StoredEvent } from '../../schemas/event';
import type { RecordId } from '../../schemas/ids';
import { ENTRIES } from '../../store/entries';
import { EVENTS } from '../../store/events';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { until } from '../servers/until';
import { untilQuiet } from '../servers/until-quiet';

const POSTS = 240;
const AT_ONCE = 8;
const PATIENCE_MS = 240_000;

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ isWorking: true });
});
afterAll(() => api.close());

/** trigger → the version writes its name into the record, which is a fact of its own → end; nothing keeps a record out */
const drawing = (title: string): MapDrawing => ({
  settings: { reentry: 'always' },
  elements: [
    { id: 'start', kind: 'trigger', title: '', settings: { events: [{ type: 'custom', name: 'order.shipped' }] } },
    { id: 'mark', kind: 'change-field', title: '', settings: { fieldId: 'title', value: title } },
    { id: 'end', kind: 'end', title: '', settings: {} },
  ],
  edges: [
    { from: 'start', port: 'next', to: 'mark' },
    { from: 'mark', port: 'next', to: 'end' },
  ],
});

const call = async (method: string, path: string, body?: unknown) => {
  const answer = await api.ada.call(method, path, body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.text}`);
  return answer.body;
};

test(
  'events that are posted without a pause across a publish are each handled once, by the old version or the new one; those posted after it by the new',
  async () => {
    const { id: mapId } = await call('POST', '/v1/maps', { name: 'Orders', draft: drawing('version 1') });
    await call('POST', `/v1/maps/${mapId}/publish`, {});
    const posted: { recordId: RecordId; isAfter: boolean }[] = [];
    let isPublished = false;
    let begun = 0;
    const send = async (): Promise<void> => {
      while (begun++ < POSTS) {
        const { id: recordId } = await call('POST', '/v1/records', { fields: { firstname: 'Ada' } });
        const isAfter = isPublished;
        await call('POST', '/v1/events', { recordId, name: 'order.shipped' });
        posted.push({ recordId, isAfter });
      }
    };
    const publish = async (): Promise<void> => {
      await until('a third of the events', () => posted.length > POSTS / 3, PATIENCE_MS);
      await call('PUT', `/v1/maps/${mapId}/draft`, { draft: drawing('version 2') });
      await call('POST', `/v1/maps/${mapId}/publish`, {});
      isPublished = true;
    };
    await Promise.all([publish(), ...Array.from({ length: AT_ONCE }, send)]);

    const { db } = api.system;
    // Also what a second handling would begin is over then.
    await untilQuiet(api.system, PATIENCE_MS);
    const entries = await db.model(ENTRIES).find({ mapId }).lean<StoredEntry[]>();
    expect(entries).toHaveLength(POSTS);
    expect(entries.map(({ recordId }) => recordId).sort()).toEqual(posted.map(({ recordId }) => recordId).sort());
    const versionOf = new Map(entries.map(({ recordId, versionNumber }) => [recordId, versionNumber]));
    const marks = await db
      .model(EVENTS)
      .find({ 'fact.type': 'field.updated' } as object)
      .lean<StoredEvent[]>();
    expect(marks).toHaveLength(POSTS);
    for (const { recordId, fact } of marks)
      expect(fact).toMatchObject({ fieldId: 'title', before: null, after: `version ${versionOf.get(recordId)}` });
    const numbers = posted.map(({ recordId, isAfter }) => [isAfter, versionOf.get(recordId)] as const);
    expect(numbers.filter(([isAfter, number]) => isAfter && number !== 2)).toEqual([]);
    expect(numbers.some(([isAfter]) => isAfter)).toBe(true);
    expect(numbers.some(([, number]) => number === 1)).toBe(true);
  },
  PATIENCE_MS * 2,
);
