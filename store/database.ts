import * as os from 'node:os';
import mongoose from 'mongoose';

/** One collection: its name, shape and indexes, said once in its own file. */
export interface Collection<T> {
  name: string;
  shape: mongoose.SchemaDefinition;
  indexes: [fields: Record<string, 1 | -1>, options?: mongoose.IndexOptions][];
  /** Never set; carries the type of the documents */
  readonly _doc?: T;
}

/** Connection to one MongoDB database. `model` gives the collection; every function of this folder takes this first. */
export interface Database {
  readonly connection: mongoose.Connection;
  model<T>(collection: Collection<T>): mongoose.Model<T>;
  close(): Promise<void>;
}

export type Session = mongoose.ClientSession;

/** Says a collection's shape; `Mixed` stands for values that a zod shape has checked at the door. */
export const collection = <T>(spec: Collection<T>): Collection<T> => spec;
export const { Mixed } = mongoose.Schema.Types;

/**
 * Opens a pool of connections. Writes wait for the majority; a server that is away is noticed after 3 s.
 *
 * @param url with the database name, to a replica set
 */
export async function openDatabase(url: string): Promise<Database> {
  const connection = await mongoose
    .createConnection(url, {
      autoIndex: false,
      autoCreate: false,
      bufferCommands: false,
      serverSelectionTimeoutMS: 3000,
      socketTimeoutMS: 30_000,
      maxPoolSize: 100,
      writeConcern: { w: 'majority' },
      readConcern: { level: 'majority' },
      // The driver loads `os` lazily, which jest's loader refuses; handing it over works everywhere.
      runtimeAdapters: { os },
    } as mongoose.ConnectOptions)
    .asPromise();
  return {
    connection,
    model: <T>(spec: Collection<T>) =>
      (connection.models[spec.name] as mongoose.Model<T> | undefined) ?? defineModel(connection, spec),
    close: () => connection.close(),
  };
}

function defineModel<T>(connection: mongoose.Connection, spec: Collection<T>): mongoose.Model<T> {
  const schema = new mongoose.Schema(spec.shape, {
    collection: spec.name,
    strict: 'throw',
    strictQuery: 'throw',
    versionKey: false,
    minimize: false,
    _id: false,
    autoIndex: false,
    autoCreate: false,
  });
  for (const [fields, options] of spec.indexes) schema.index(fields, options ?? {});
  return connection.model(spec.name, schema) as unknown as mongoose.Model<T>;
}

/**
 * Inserts documents as they are: Mongoose's casting costs more than the insert itself. For the path of an event, whose
 * documents are typed and made by our own code; undefined fields are left out.
 *
 * @throws MongoDB's errors, those of unique indexes included
 */
export async function insertPlain<T>(
  db: Database,
  into: Collection<T>,
  documents: readonly T[],
  session: Session | null,
): Promise<void> {
  if (documents.length === 0) return;
  const options = { ordered: true, ignoreUndefined: true, ...(session ? { session } : {}) };
  await db.model(into).collection.insertMany(documents as never, options);
}

/**
 * Runs `work` in one transaction, again from the start when MongoDB asks for it: `work` may run several times and must
 * do nothing but reads and writes in the session.
 */
export async function transaction<T>(db: Database, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await db.connection.startSession();
  try {
    return await session.withTransaction(() => work(session));
  } finally {
    await session.endSession();
  }
}

/** True for a write that a unique index refused. */
export const isDuplicate = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 11_000;

/** Whether MongoDB answers within 2 s. @throws never */
export const isDatabaseUp = (db: Database): Promise<boolean> =>
  db.connection
    .getClient()
    .db()
    .command({ ping: 1 }, { timeoutMS: 2000 })
    .then(
      () => true,
      () => false,
    );
