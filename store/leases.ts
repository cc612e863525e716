import { collection, type Database } from './database';

/** Something that one process holds for a while: a share of the events, or its own presence. */
interface Lease {
  _id: string;
  owner: string;
  until: Date;
}

export const LEASES = collection<Lease>({
  name: 'leases',
  shape: { _id: String, owner: String, until: Date },
  indexes: [],
});

/** All leases that have not run out, by the database's clock. */
export const findLeases = async (db: Database): Promise<Lease[]> =>
  db
    .model(LEASES)
    .find({ $expr: { $gt: ['$until', '$$NOW'] } })
    .lean<Lease[]>();

/** Makes leases known, as run out; harmless for those that are. */
export async function insertLeases(db: Database, names: string[]): Promise<void> {
  const write = (name: string) => ({
    updateOne: { filter: { _id: name }, update: { $setOnInsert: { owner: '', until: new Date(0) } }, upsert: true },
  });
  await db.model(LEASES).bulkWrite(names.map(write));
}

/**
 * Takes or renews a lease that has run out or is ours.
 *
 * @returns whether it is ours now
 */
export async function claimLease(
  db: Database,
  claim: { name: string; owner: string; forMs: number },
): Promise<boolean> {
  const { matchedCount } = await db
    .model(LEASES)
    .collection.updateOne(
      { _id: claim.name, $or: [{ owner: claim.owner }, { $expr: { $lte: ['$until', '$$NOW'] } }] } as object,
      [{ $set: { owner: claim.owner, until: { $add: ['$$NOW', claim.forMs] } } }],
    );
  return matchedCount > 0;
}

/** Lets leases run out now, so that others need not wait for their end. */
export async function releaseLeases(db: Database, owner: string, names: string[]): Promise<void> {
  await db.model(LEASES).updateMany({ owner, _id: { $in: names } }, { $set: { until: new Date(0) } });
}
