import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId, newSecret } from '../lib/ids';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { mostInAnyMinute } from '../tests/servers/rate';
import { transaction } from './database';
import { insertPace, PACES, setPaceLimit } from './paces';
import { reserveSlot } from './reserve-slot';

const HOUR_MS = 3_600_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

test.each([90, 60, 30, 10])(
  'lowered from 180 to %i with slots reserved 8 s ahead, no minute from 5 s after the edit on holds more',
  async (limit) => {
    const webhookId = newId('webhook');
    const pace = { webhookId, accountId: newId('account'), limit: 180 };
    await transaction(database.db, (session) => insertPace(database.db, session, pace));
    let editedMs = 0;
    const slotAts: number[] = [];
    const take = async (withinMs: number) => {
      if (!(await reserveSlot(database.db, { webhookId, token: newSecret(), withinMs })).isGranted) return false;
      slotAts.push((await database.db.model(PACES).findById(webhookId).lean())?.last?.at.getTime() ?? 0);
      return true;
    };
    while (await take(8000));
    await transaction(database.db, (session) => setPaceLimit(database.db, session, { webhookId, limit }));
    editedMs = Date.now();
    for (let n = 0; n < 2 * limit; n++) await take(HOUR_MS);
    expect(mostInAnyMinute(slotAts.filter((at) => at >= editedMs + 5000))).toBeLessThanOrEqual(limit);
  },
);
