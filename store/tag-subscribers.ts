import type mongoose from 'mongoose';
import type { AccountId } from '../schemas/ids';
import type { Database } from './database';
import { QUERY_MS, refuseSlow } from './find-rows';
import { RECORDS } from './records';
import { TAGS } from './tags';

/** One record that has one tag, by their decimal ids. */
export interface TagSubscriber {
  objectId: number;
  objectTypeId: number;
  tagNumber: number;
}

/** Which of them are wanted, in the order in which records or tags were created. */
export interface TagSubscribersWanted {
  accountId: AccountId;
  objectTypeId: number;
  /** Over `objectId` and `tagNumber` */
  filter: Record<string, unknown>;
  sort: 'objectId' | 'tagNumber';
  direction: 1 | -1;
  skip: number;
  limit: number;
}

/** Records of one object type with their tags, a row for each. @throws AppError `query.too-slow` after 15 s */
export const listTagSubscribers = async (db: Database, wanted: TagSubscribersWanted): Promise<TagSubscriber[]> =>
  db
    .model(RECORDS)
    .aggregate<TagSubscriber>([
      ...rowsOf(wanted),
      { $sort: orderOf(wanted) },
      { $skip: wanted.skip },
      { $limit: wanted.limit },
    ])
    .option({ maxTimeMS: QUERY_MS })
    .catch(refuseSlow);

/** How many such rows there are. @throws AppError `query.too-slow` after 15 s */
export const countTagSubscribers = async (
  db: Database,
  wanted: Pick<TagSubscribersWanted, 'accountId' | 'objectTypeId' | 'filter'>,
): Promise<number> => {
  const [found] = await db
    .model(RECORDS)
    .aggregate<{ count: number }>([...rowsOf(wanted), { $count: 'count' }])
    .option({ maxTimeMS: QUERY_MS })
    .catch(refuseSlow);
  return found?.count ?? 0;
};

const orderOf = ({ sort, direction }: TagSubscribersWanted): Record<string, 1 | -1> =>
  sort === 'objectId' ? { objectId: direction, tagNumber: direction } : { tagNumber: direction, objectId: direction };

const rowsOf = ({
  accountId,
  objectTypeId,
  filter,
}: Pick<TagSubscribersWanted, 'accountId' | 'objectTypeId' | 'filter'>): mongoose.PipelineStage[] => [
  { $match: { accountId, objectTypeId, 'tagIds.0': { $exists: true } } },
  { $unwind: '$tagIds' },
  { $lookup: { from: TAGS.name, localField: 'tagIds', foreignField: '_id', as: 'tag' } },
  { $unwind: '$tag' },
  { $project: { _id: 0, objectId: '$number', objectTypeId: 1, tagNumber: '$tag.number' } },
  { $match: filter },
];
