import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket, type Server as TcpServer } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import type { OutcomeClass } from '../../../schemas/delivery';

/** A receiver that runs. */
export interface Stranger {
  url: string;
  /** Connections that are open now */
  openCount(): number;
  close(): Promise<void>;
}

/** What one hostile receiver does, and how a delivery to it ends with a time limit of one second. */
export interface Hostile {
  name: string;
  class: OutcomeClass;
  status: number | null;
  /** The sentence of the log; null when there is none */
  says: RegExp | null;
  /** The time limit ends it */
  isSlow?: boolean;
  open(): Promise<Stranger>;
}

/** Listens on a free port of 127.0.0.1. */
export async function listenAs(scheme: 'http' | 'https', server: TcpServer): Promise<Stranger> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    openCount: () => sockets.size,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A TCP server that does as told once the first bytes of a request are there. */
export const raw = (answer: (socket: Socket, request: Buffer) => void) => (): Promise<Stranger> =>
  listenAs(
    'http',
    createServer((socket) => void socket.once('data', (request) => answer(socket, request))),
  );

/** A TCP server that answers every request of a connection with these bytes. */
export const bytes = (answer: string | Buffer) => (): Promise<Stranger> =>
  listenAs(
    'http',
    createServer((socket) => void socket.on('data', () => socket.writable && socket.write(answer))),
  );

const CERTIFICATES = join(__dirname, '..', 'certificates');
const pem = (file: string): string => readFileSync(join(CERTIFICATES, file), 'utf8');

/** File with the authority of the good, the expired and the wrong certificate. */
export const AUTHORITY_FILE = join(CERTIFICATES, 'authority.pem');
export const AUTHORITY = pem('authority.pem');

/** A TLS server with one of the certificates, that would answer 200. */
export const secured = (name: 'good' | 'expired' | 'wrong-host' | 'self-signed') => (): Promise<Stranger> =>
  listenAs(
    'https',
    createTlsServer({ cert: pem(`${name}.pem`), key: pem(`${name}.key`) }, (socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => socket.write(OK));
    }),
  );

export const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** Leaves the machine to the others now and then; still megabytes in a second. */
const FLOOD_PAUSE_MS = 3;

/** Writes the same bytes for as long as the connection lives. */
export function flood(socket: Socket, chunk: string): void {
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', () => void setTimeout(more, FLOOD_PAUSE_MS));
  more();
}

/** Writes one byte after the other. */
export function drip(socket: Socket, byte: string, everyMs: number): void {
  const timer = setInterval(() => socket.writable && socket.write(byte), everyMs);
  socket.on('close', () => clearInterval(timer));
}
