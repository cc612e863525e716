import type { Socket } from 'node:net';
import { type buildConnector, Client } from 'undici';
import type { ConnectionTimes } from './connection-times';
import type { GuardedConnector } from './guarded-connector';

/** An idle connection is closed after 4 s, or when the receiver's keep-alive header says, but never later than this. */
const KEEP_ALIVE_MS_MAX = 15_000;
const ANSWER_HEAD_BYTES_MAX = 256 * 1024;

/** An open connection; it carries one request at a time. */
export interface Connection {
  origin: string;
  client: Client;
  /** Address that was reached */
  peer: string | null;
  /** It can carry a request: neither closed, nor has the receiver sent an answer that nobody asked for */
  isOpen(): boolean;
  close(): void;
}

/** The connections of a process, by origin. */
export interface Connections {
  /**
   * An idle connection to where `url` leads, or a new one.
   *
   * @param times where a new one writes how it is set up
   * @throws the network's error, or one with code `ERR_ADDRESS_BLOCKED`
   */
  take(url: string, times: ConnectionTimes): Promise<Connection>;
  /** Keeps a connection whose answer was read whole for a next request; closes any other. */
  giveBack(connection: Connection): void;
  close(): Promise<void>;
}

/**
 * Opens connections before there is a request for them, so that a request leaves the moment it may. undici's own pool
 * begins to connect when it has a request, which then leaves as late as connecting takes.
 *
 * @source docs/rate.md
 */
export function openConnections(connect: GuardedConnector): Connections {
  const idle = new Map<string, Connection[]>();
  const all = new Set<Connection>();
  const takeIdle = (origin: string): Connection | undefined => {
    const kept = idle.get(origin) ?? [];
    const found = kept.pop();
    if (kept.length === 0) idle.delete(origin);
    return found;
  };
  const wrap = (origin: string, socket: Socket): Connection => {
    const client = clientOf(origin, socket);
    const connection: Connection = {
      origin,
      client,
      peer: socket.remoteAddress ?? null,
      isOpen: () => !socket.destroyed && socket.writable && socket.readableLength === 0 && !client.destroyed,
      close: () => void socket.destroy(),
    };
    all.add(connection);
    socket.once('close', () => {
      all.delete(connection);
      const kept = idle.get(origin)?.filter((other) => other !== connection) ?? [];
      if (kept.length > 0) idle.set(origin, kept);
      else idle.delete(origin);
      void client.destroy();
    });
    return connection;
  };
  return {
    async take(url, times) {
      const { origin, host, hostname, protocol, port } = new URL(url);
      for (let found = takeIdle(origin); found; found = takeIdle(origin)) if (found.isOpen()) return found;
      const target = { host, hostname: hostname.replace(/^\[|\]$/g, ''), protocol, port };
      const socket = await new Promise<Socket>((opened, failed) =>
        connect(target, (...[error, socket]) => (error ? failed(error) : opened(socket)), times),
      );
      return wrap(origin, socket);
    },
    giveBack(connection) {
      const { origin, client } = connection;
      const isIdle = client.stats.connected && client.stats.size === 0;
      if (!isIdle || !connection.isOpen()) return connection.close();
      idle.set(origin, [...(idle.get(origin) ?? []), connection]);
    },
    close: async () => {
      const isUsed = ({ client }: Connection): boolean => client.stats.connected && !client.destroyed;
      await Promise.all([...all].map((one) => (isUsed(one) ? one.client.close() : one.close())));
    },
  };
}

/** A client of undici on a socket that is open already, and on no other after it. */
function clientOf(origin: string, socket: Socket): Client {
  let isTaken = false;
  const take = (): buildConnector.CallbackArgs => {
    if (isTaken || socket.destroyed) return [Object.assign(new Error('closed'), { code: 'UND_ERR_SOCKET' }), null];
    isTaken = true;
    return [null, socket];
  };
  socket.on('error', () => undefined); // undici listens from its first request on
  return new Client(origin, {
    // undici goes on waiting for a connection that is there before it has asked.
    connect: (_target, done) => queueMicrotask(() => done(...take())),
    pipelining: 1,
    headersTimeout: 0, // the signal of each request bounds all of it, exactly
    bodyTimeout: 0,
    keepAliveMaxTimeout: KEEP_ALIVE_MS_MAX,
    maxHeaderSize: ANSWER_HEAD_BYTES_MAX,
  });
}
