import type { MapDrawing, Reentry } from '../../schemas/automation-map';
import type { Element, ElementOf } from '../../schemas/element';
import type { EventId, MapId, RecordId } from '../../schemas/ids';
import { EVENTS } from '../../store/events';
import { custom } from './draw';
import { makeMap } from './make';
import { openRuleCaller } from './open-rule-caller';
import type { TestApi } from './open-test-api';
import { postCustom } from './post';
import { until } from './until';

const PATIENCE_MS = 60_000;
const wait = (id: string, title: string, seconds = 3600): Element => ({
  id,
  kind: 'wait',
  title,
  settings: { kind: 'duration', seconds },
});

/** What stands between the trigger and the goal, unless something else is drawn. */
export const nurture = wait('nurture', 'Nurture');

let names = 0;

/**
 * Draws trigger → `above` → goal "Bought" → wait "Onboard" → end.
 *
 * @param of.isAside the goal stands beside the way: `above` leads to a wait "Late", and only the goal to "Onboard"
 * @returns the drawing, and the name of the event that meets the goal
 */
export function drawGoal(
  of: { goal?: Partial<ElementOf<'goal'>['settings']>; above?: Element; reentry?: Reentry; isAside?: true } = {},
): { drawing: MapDrawing; name: string } {
  const name = `goal.n${names++}`;
  const { goal, above = nurture, reentry = 'always', isAside } = of;
  const events = [custom(name)];
  const settings: ElementOf<'goal'>['settings'] = { events, reach: 'inside', onFoot: 'pass', ...goal };
  const lead = (from: string, to: string) => ({ from, port: 'next', to });
  const drawing: MapDrawing = {
    settings: { reentry },
    elements: [
      { id: 'start', kind: 'trigger', title: 'Start', settings: { events: [{ type: 'manual' }] } },
      above,
      { id: 'bought', kind: 'goal', title: 'Bought', settings },
      wait('onboard', 'Onboard'),
      ...(isAside ? [wait('late', 'Late')] : []),
      { id: 'end', kind: 'end', title: '', settings: {} },
    ],
    edges: [
      lead('start', above.id),
      lead(above.id, isAside ? 'late' : 'bought'),
      lead('bought', 'onboard'),
      lead('onboard', 'end'),
      ...(isAside ? [lead('late', 'end')] : []),
    ],
  };
  return { drawing, name };
}

/** What tests of goals ask of the API, as Ada. */
export function openGoalCaller(api: TestApi) {
  const ada = openRuleCaller(api);
  const post = (path: string, body?: unknown) => api.ada.call('POST', path, body);
  /** Lets a record, new unless given, enter a map by hand. */
  async function enter(mapId: MapId, recordId?: RecordId) {
    const of = recordId ?? (await ada.makeContact({ firstname: 'Ada' }));
    const { id } = (await post('/v1/entries', { mapId, recordId: of })).body;
    const read = () => ada.get(`/v1/entries/${id}`);
    return {
      id: id as string,
      recordId: of,
      read,
      say: async (command: string) => (await post(`/v1/entries/${id}/${command}`)).status,
      untilAt: (elementId: string) =>
        until(
          `it to rest at ${elementId}`,
          async () => {
            const entry = await read();
            return entry.positions[0]?.elementId === elementId && entry.live?.waitingFor && entry;
          },
          PATIENCE_MS,
        ),
      untilLive: (waitingFor: string) =>
        until(waitingFor, async () => (await read()).live?.waitingFor?.startsWith(waitingFor), PATIENCE_MS),
      /** `nurture goal`, `bought next reached` */
      passed: async (): Promise<string[]> =>
        (await read()).timeline.map(({ elementId, port }: { elementId: string; port: string }) =>
          `${elementId} ${port}`.trim(),
        ),
    };
  }
  const reachedBy = async (recordId: RecordId) =>
    (await ada.get(`/v1/events?recordId=${recordId}&limit=200`)).items.filter(
      ({ fact }: { fact: { type: string } }) => fact.type === 'goal.reached',
    );
  return {
    ...ada,
    post,
    enter,
    reachedBy,
    makeMap: async (drawing: MapDrawing, name = 'Course'): Promise<MapId> =>
      (await makeMap(api.system, drawing, name)).mapId,
    tell: (recordId: RecordId, name: string): Promise<EventId> => postCustom(api.system, recordId, name),
    /** Lets the pump handle an event that it has handled before, as after a crash between the two. */
    async repeat(eventId: EventId): Promise<void> {
      const event = () => api.system.db.model(EVENTS).findById(eventId).lean();
      await until('it to be handled', async () => (await event())?.status === 'settled', PATIENCE_MS);
      await api.system.db.model(EVENTS).updateOne({ _id: eventId }, { $set: { status: 'pending', settledAt: null } });
      api.system.pump.nudge();
      await until('it to be handled again', async () => (await event())?.status === 'settled', PATIENCE_MS);
    },
  };
}
