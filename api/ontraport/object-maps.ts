import { z } from 'zod';
import { AppError } from '../../lib/errors';
import type { StoredMap } from '../../schemas/automation-map';
import type { AccountId } from '../../schemas/ids';
import type { StoredRecord } from '../../schemas/record';
import type { Database, Session } from '../../store/database';
import { MAPS } from '../../store/maps';
import { findByNumber } from '../../store/numbers';
import { appendRecordFacts } from '../../store/records';
import { requestEntry } from '../handlers/request-entry';
import { idList, objectID, optional } from './parameters';
import { getAllNumbered, openRecords } from './records';
import { writeCall } from './route';

const tag = 'Objects';
const subscription = {
  objectID: objectID.default(0),
  ids: idList,
  sub_type: optional(z.enum(['Campaign'])).meta({ description: 'Campaign: a map. There are no sequences' }),
};

/** Records enter and leave maps. */
export const objectMapRoutes = [
  writeCall({
    method: 'put',
    path: '/objects/subscribe',
    tag,
    summary: 'Add records to maps',
    description: 'The re-entry setting of a map decides; records that may not enter now are counted and left out.',
    parameters: z.object({ ...subscription, add_list: idList }),
    answer: { added: '1', refused: '0' },
    handler: async ({ db }, { account, given }, session) => {
      const of = { accountId: account._id, ...given, numbers: given.add_list };
      const { maps, records } = await findBoth(db, session, of);
      let added = 0;
      for (const { _id: mapId } of maps)
        for (const { accountId, _id: recordId } of records)
          if (await enters(db, session, { accountId, mapId, recordId })) added++;
      return { data: { added: String(added), refused: String(maps.length * records.length - added) } };
    },
  }),
  writeCall({
    method: 'delete',
    path: '/objects/subscribe',
    tag,
    summary: 'Take records off maps',
    description: 'Their entries end within seconds.',
    parameters: z.object({ ...subscription, remove_list: idList }),
    answer: { removed: '1' },
    handler: async ({ db }, { account, given }, session) => {
      const of = { accountId: account._id, ...given, numbers: given.remove_list };
      const { maps, records } = await findBoth(db, session, of);
      const facts = maps.map(({ _id: mapId }) => ({ type: 'exit.requested' as const, mapId }));
      for (const { accountId, _id: recordId } of records)
        await appendRecordFacts(db, session, { accountId, recordId, facts, hops: 0 });
      return { data: { removed: String(records.length) } };
    },
  }),
];

async function findBoth(
  db: Database,
  session: Session,
  of: { accountId: AccountId; objectID: number; ids: number[]; numbers: number[] },
): Promise<{ maps: StoredMap[]; records: StoredRecord[] }> {
  const { accountId } = of;
  const maps: StoredMap[] = [];
  for (const number of new Set(of.numbers)) {
    const found = await findByNumber<StoredMap>(db, MAPS as never, { accountId, number }, session);
    if (!found) throw new AppError('map.not-found', { detail: `Missing: ${number}.` });
    maps.push(found);
  }
  const records = await getAllNumbered(db, await openRecords(db, of, session), of.ids, session);
  return { maps, records };
}

const enters = (db: Database, session: Session, of: Parameters<typeof requestEntry>[2]): Promise<boolean> =>
  requestEntry(db, session, of).then(
    () => true,
    (error: unknown) => {
      if (error instanceof AppError && error.code === 'entry.refused') return false;
      throw error;
    },
  );
