import { z } from 'zod';
import type { StoredAccount, StoredKey } from '../schemas/account';
import type { Session } from '../store/database';
import type { Api } from './parts';

/** One request, parsed: who calls, and what was given. */
export interface Call<P = unknown, Q = unknown, B = unknown> {
  account: StoredAccount;
  key: StoredKey;
  params: P;
  query: Q;
  body: B;
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** What a row of the table says about an endpoint; documents and server are made from it. */
interface Row<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  method: Method;
  path: string;
  /** Who may call: everyone, or the holder of a key of the account */
  scope: 'public' | 'key';
  tag: string;
  summary: string;
  description?: string;
  params?: P;
  query?: Q;
  body?: B;
  /** A body that runs as it stands */
  example?: z.input<B>;
  response: R;
  /** HTTP status of success, 200 unless said */
  status?: number;
}

/** A row with its handler, whatever its shapes. */
export interface Route {
  method: Method;
  path: string;
  scope: 'public' | 'key';
  tag: string;
  summary: string;
  description?: string;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  example?: unknown;
  response: z.ZodType;
  status: number;
  /** The handler runs in one transaction, and gets its session */
  isAtomic: boolean;
  /** Commits write events, so the pump is nudged */
  writesEvents: boolean;
  /** The answer holds a secret: kept sealed for repeats */
  isSecret: boolean;
  handle(api: Api, call: Call, session: Session | null): Promise<unknown>;
  afterCommit?(api: Api, call: Call): void;
  /** Set where the answer is written piece by piece instead of by `handle` */
  streamed?: StreamedRow & { open(api: Api, call: Call, to: StreamReader): Promise<Streamed> };
}

/** What a row says about an answer that is written piece by piece. */
interface StreamedRow {
  /** Content types that it answers with, and what each looks like, for the documents */
  contentTypes: Record<string, z.ZodType>;
  /** It goes on until the reader goes or the process stops */
  isEndless: boolean;
}

/** Who reads a stream. */
export interface StreamReader {
  /** Aborts when the reader goes, and an endless stream also when the process stops */
  signal: AbortSignal;
  /** Header `Last-Event-ID`: where an earlier stream ended */
  lastEventId: string | undefined;
}

/** An answer that is written piece by piece, as fast as the reader takes it. */
export interface Streamed {
  contentType: string;
  headers?: Record<string, string>;
  /** Returned from when the reader goes; a throw before the first piece is answered as a problem, a later one cuts the connection */
  pieces: AsyncGenerator<string, void, void>;
}

type Handled<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = Call<
  z.output<P>,
  z.output<Q>,
  z.output<B>
>;

/** An endpoint that changes nothing in MongoDB, or not through a transaction. */
export function readRoute<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  R extends z.ZodType = z.ZodType,
>(row: Row<P, Q, B, R> & { handler: (api: Api, call: Handled<P, Q, B>) => Promise<z.input<NoInfer<R>>> }): Route {
  const { handler, ...rest } = row;
  return {
    ...strictly(rest),
    isAtomic: false,
    writesEvents: false,
    isSecret: false,
    handle: (api, call) => handler(api, call as Handled<P, Q, B>),
  };
}

/** An endpoint whose handler runs in one transaction: all of it happens, or nothing. */
export function writeRoute<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  R extends z.ZodType = z.ZodType,
>(
  row: Row<P, Q, B, R> & {
    writesEvents?: boolean;
    isSecret?: boolean;
    afterCommit?: (api: Api, call: Handled<P, Q, B>) => void;
    handler: (api: Api, call: Handled<P, Q, B>, session: Session) => Promise<z.input<NoInfer<R>>>;
  },
): Route {
  const { handler, afterCommit, writesEvents = false, isSecret = false, ...rest } = row;
  return {
    ...strictly(rest),
    isAtomic: true,
    writesEvents,
    isSecret,
    handle: (api, call, session) => {
      if (!session) throw new Error(`${row.method} ${row.path} needs a transaction`);
      return handler(api, call as Handled<P, Q, B>, session);
    },
    ...(afterCommit ? { afterCommit: (api, call) => afterCommit(api, call as Handled<P, Q, B>) } : {}),
  };
}

/** An endpoint that changes nothing and answers piece by piece, so that its length costs no memory. */
export function streamRoute<P extends z.ZodType = z.ZodUndefined, Q extends z.ZodType = z.ZodUndefined>(
  row: Omit<Row<P, Q, z.ZodUndefined, z.ZodUnknown>, 'method' | 'body' | 'example' | 'response' | 'status'> &
    StreamedRow & { open: (api: Api, call: Handled<P, Q, z.ZodUndefined>, to: StreamReader) => Promise<Streamed> },
): Route {
  const { open, contentTypes, isEndless, ...rest } = row;
  return {
    ...strictly({ ...rest, method: 'get', response: z.unknown() }),
    isAtomic: false,
    writesEvents: false,
    isSecret: false,
    handle: () => Promise.reject(new Error(`${row.path} is answered as a stream`)),
    streamed: {
      contentTypes,
      isEndless,
      open: (api, call, to) => open(api, call as Handled<P, Q, z.ZodUndefined>, to),
    },
  };
}

/** Unknown query parameters and body fields are refused: a typing mistake must not be taken for "not given". */
function strictly<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  row: Row<P, Q, B, R>,
) {
  const strict = (schema: z.ZodType): z.ZodType => (schema instanceof z.ZodObject ? schema.strict() : schema);
  const { query, body, ...rest } = row;
  return {
    ...rest,
    status: row.status ?? 200,
    ...(query ? { query: strict(query) } : {}),
    ...(body ? { body: strict(body) } : {}),
  };
}
