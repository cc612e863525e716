import * as os from 'node:os';
import { mongo } from 'mongoose';

/** Name of the single-node replica set. */
export const REPLICA_SET = 'hookline';

const NOT_YET_INITIALIZED = 94;

/**
 * Makes a freshly started mongod the primary of its replica set: starts the set, or moves it to the new port when the
 * data were last served on another.
 *
 * @returns null while it is not primary yet
 * @throws  the driver's errors while mongod does not answer
 */
export async function becomePrimary(port: number): Promise<true | null> {
  const client = new mongo.MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 1_000,
    // Without it the driver imports `os` dynamically, which fails where modules are loaded by a test runner.
    runtimeAdapters: { os },
  });
  try {
    const admin = client.db('admin');
    const hello = await admin.command({ hello: 1 });
    if (hello.isWritablePrimary === true) return true;
    await openReplicaSet(admin, `127.0.0.1:${port}`);
    return null;
  } finally {
    await client.close();
  }
}

async function openReplicaSet(admin: mongo.Db, host: string): Promise<void> {
  const config = await getConfig(admin);
  if (config === null) {
    await admin.command({ replSetInitiate: { _id: REPLICA_SET, members: [{ _id: 0, host }] } });
    return;
  }
  const [member] = config.members;
  if (member === undefined || (config.members.length === 1 && member.host === host)) return;
  const moved = { ...config, version: config.version + 1, members: [{ ...member, host }] };
  await admin.command({ replSetReconfig: moved, force: true });
}

interface ReplicaSetConfig {
  version: number;
  members: { _id: number; host: string }[];
}

async function getConfig(admin: mongo.Db): Promise<ReplicaSetConfig | null> {
  try {
    const answer = await admin.command({ replSetGetConfig: 1 });
    return answer.config as ReplicaSetConfig;
  } catch (error) {
    if (error instanceof mongo.MongoServerError && error.code === NOT_YET_INITIALIZED) return null;
    throw error;
  }
}
