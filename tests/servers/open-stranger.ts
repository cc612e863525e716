import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { afterEach } from '@jest/globals';

const closers: (() => Promise<unknown>)[] = [];
afterEach(closeStrangers);

/** Closes every server opened so far, with its connections; also done after each test. */
export async function closeStrangers(): Promise<void> {
  for (const close of closers.splice(0)) await close();
}

/** Listens on a free port of 127.0.0.1. @returns the server's URL without a path */
export async function listen(server: Server | TcpServer): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An HTTP server that answers as told. */
export const serve = (answer: (req: IncomingMessage, res: ServerResponse) => void): Promise<string> =>
  listen(createServer(answer));

/** A server that answers the first bytes of each connection as told, HTTP or not. */
export const serveRaw = (answer: (socket: Socket) => void): Promise<string> =>
  listen(createTcpServer((socket) => void socket.once('data', () => answer(socket))));
