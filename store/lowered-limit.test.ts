import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judgeWindows } from '../bench/limits/judge-windows';
import { type Edit, stepsOf } from '../bench/limits/limit-steps';
import { newId, newSecret } from '../lib/ids';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { transaction } from './database';
import { insertPace, PACES, SOON_MS, setPaceHeld, setPaceLimit } from './paces';
import { holdBack, isStillReserved, reserveSlot } from './reserve-slot';

const [NEWCOMER_MS, COMEBACK_MS] = [5000, 8000];

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const minus = (field: string, ms: number) => ({ $cond: [field, { $subtract: [field, ms] }, null] });

/** A webhook's pace whose time is moved on by moving the pace back, and the slots in which a request left. */
async function openTimeline(limit: number) {
  const { db } = database;
  const webhookId = newId('webhook');
  const edits: Edit[] = [];
  const sentMs: number[] = [];
  let ahead: { atMs: number; takenBack: number }[] = [];
  let movedMs = 0;
  const nowMs = () => Date.now() + movedMs;
  await transaction(db, (session) => insertPace(db, session, { webhookId, accountId: newId('account'), limit }));

  /** Requests whose slots have come by `ms` from now leave, unless those were taken back. */
  const settle = async (ms: number) => {
    const hasCome = ({ atMs }: { atMs: number }) => atMs <= nowMs() + ms;
    for (const { atMs, takenBack } of ahead.filter(hasCome))
      if (await isStillReserved(db, { webhookId, takenBack })) sentMs.push(atMs);
    ahead = ahead.filter((slot) => !hasCome(slot));
  };
  const moveOn = async (ms: number) => {
    await settle(ms);
    const last = { $cond: ['$last', { token: '$last.token', at: minus('$last.at', ms) }, null] };
    const times = ['turnAt', 'nextAt', 'bounceAt', 'askedUntil'].map((field) => [field, minus(`$${field}`, ms)]);
    await db
      .model(PACES)
      .updateOne({ _id: webhookId }, [{ $set: { ...Object.fromEntries(times), last } }], { updatePipeline: true });
    movedMs += ms;
  };
  /** @returns whether there was a slot within reach */
  const take = async (withinMs: number) => {
    const { isGranted, waitMs, takenBack } = await reserveSlot(db, { webhookId, token: newSecret(), withinMs });
    if (!isGranted) return false;
    const pace = await db.model(PACES).findById(webhookId).orFail().lean();
    const atMs = (pace.last?.at.getTime() ?? 0) + movedMs;
    if (waitMs > SOON_MS) ahead.push({ atMs, takenBack });
    else sentMs.push(atMs);
    return true;
  };
  const sent = async () => {
    await settle(COMEBACK_MS);
    return sentMs.sort((a, b) => a - b);
  };
  return {
    edits,
    moveOn,
    sent,
    /** Many ask all the time, so that in the end slots are reserved as far ahead as can be */
    async crowd(ms: number, withinMs: number) {
      for (let left = ms; left > 0; left -= 2000) {
        await moveOn(Math.min(left, 2000));
        while (await take(withinMs));
      }
    },
    async setLimit(to: number) {
      await settle(0);
      const askedMs = nowMs();
      await transaction(db, (session) => setPaceLimit(db, session, { webhookId, limit: to }));
      edits.push({ askedMs, answeredMs: nowMs(), limit: to });
    },
    holdBack: (ms: number) => holdBack(db, webhookId, ms),
    setHeld: (isHeld: boolean) => transaction(db, (session) => setPaceHeld(db, session, { webhookId, isHeld })),
    judge: async () => judgeWindows(await sent(), stepsOf(limit, edits)),
  };
}
type Timeline = Awaited<ReturnType<typeof openTimeline>>;

test.each([90, 60, 30, 10, 3, 1])(
  'lowered from 180 to %i with slots reserved 8 s ahead, no minute from 5 s after the edit on holds more',
  async (limit) => {
    const timeline = await openTimeline(180);
    await timeline.crowd(4000, COMEBACK_MS);
    await timeline.setLimit(limit);
    await timeline.crowd(130_000, COMEBACK_MS);
    expect((await timeline.judge()).above).toBe(0);
  },
);

test('lowered twice at once, it holds no more than the second limit from then on, and leaves nothing of that unused', async () => {
  const timeline = await openTimeline(180);
  await timeline.crowd(4000, COMEBACK_MS);
  await timeline.setLimit(60);
  await timeline.setLimit(10);
  const editedMs = (timeline.edits[1]?.answeredMs ?? 0) + SOON_MS;
  await timeline.crowd(62_000, COMEBACK_MS);
  expect((await timeline.judge()).above).toBe(0);
  expect((await timeline.sent()).filter((atMs) => atMs > editedMs && atMs <= editedMs + 60_700)).toHaveLength(10);
});

test('lowered and raised again, nobody waits for slots of the lower limit, and those that were lost stay lost', async () => {
  const timeline = await openTimeline(180);
  await timeline.crowd(4000, COMEBACK_MS);
  await timeline.setLimit(1);
  await timeline.moveOn(1000);
  await timeline.setLimit(180);
  const raisedMs = timeline.edits[1]?.askedMs ?? 0;
  await timeline.crowd(62_000, COMEBACK_MS);
  expect((await timeline.judge()).above).toBe(0);
  const inTenSeconds = (await timeline.sent()).filter((atMs) => atMs > raisedMs && atMs <= raisedMs + 10_000);
  expect(inTenSeconds.length).toBeGreaterThanOrEqual(20);
});

test('paused, or told by its receiver to wait, it keeps no slot that was reserved ahead', async () => {
  const timeline = await openTimeline(180);
  await timeline.crowd(4000, COMEBACK_MS);
  const askedMs = Date.now() + 4000;
  await timeline.holdBack(4000);
  await timeline.crowd(10_000, COMEBACK_MS);
  const pausedMs = Date.now() + 14_000;
  await timeline.setHeld(true);
  await timeline.crowd(10_000, COMEBACK_MS);
  const sent = await timeline.sent();
  expect(sent.filter((atMs) => atMs > askedMs + 2 * SOON_MS && atMs < askedMs + 4000)).toEqual([]);
  expect(sent.filter((atMs) => atMs > askedMs + 4000).length).toBeGreaterThan(10);
  expect(sent.filter((atMs) => atMs > pausedMs + 2 * SOON_MS)).toEqual([]);
});

const deed = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 180 }).map((to) => ({ what: 'limit' as const, to })) },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('crowd' as const),
      ms: fc.integer({ min: 300, max: 12_000 }),
      withinMs: fc.constantFrom(NEWCOMER_MS, COMEBACK_MS),
    }),
  },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 30_000 }).map((ms) => ({ what: 'quiet' as const, ms })) },
  { weight: 1, arbitrary: fc.integer({ min: 1000, max: 30_000 }).map((ms) => ({ what: 'asked' as const, ms })) },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 9000 }).map((ms) => ({ what: 'paused' as const, ms })) },
);
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never;

async function doDeed(timeline: Timeline, deed: Deed): Promise<void> {
  switch (deed.what) {
    case 'limit':
      return timeline.setLimit(deed.to);
    case 'crowd':
      return timeline.crowd(deed.ms, deed.withinMs);
    case 'quiet':
      return timeline.moveOn(deed.ms);
    case 'asked':
      return timeline.holdBack(deed.ms);
    case 'paused':
      await timeline.setHeld(true);
      await timeline.crowd(deed.ms, COMEBACK_MS);
      return timeline.setHeld(false);
  }
}

test('whatever is edited, asked for by the receiver, paused and resumed in between: no minute holds more than the limits in force in it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 180 }),
      fc.array(deed, { minLength: 2, maxLength: 9 }),
      async (limit, deeds) => {
        const timeline = await openTimeline(limit);
        await timeline.crowd(3000, COMEBACK_MS);
        for (const one of deeds) await doDeed(timeline, one);
        await timeline.crowd(66_000, COMEBACK_MS);
        expect((await timeline.judge()).above).toBe(0);
      },
    ),
    { numRuns: 8 },
  );
}, 120_000);
