import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that arrived. `atMs` is the receiver's clock, Unix milliseconds. */
export interface Arrival {
  atMs: number;
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
  deliveryId: string;
}
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
  /** Milliseconds before the answer */
  delayMs?: number;
}

/** A stranger's server: keeps what arrives and answers as told. */
export interface Receiver {
  url: string;
  arrivals: Arrival[];
  answer: (arrival: Arrival) => Answer;
  close(): Promise<void>;
}

/** Opens a receiver on a free port of loopback; it answers 200 until told otherwise. */
export async function openReceiver(
  answer: Receiver['answer'] = () => ({ status: 200, body: 'ok' }),
): Promise<Receiver> {
  const receiver: Receiver = { url: '', arrivals: [], answer, close: async () => undefined };
  const server = createServer((request, response) => {
    const atMs = Date.now();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const arrival: Arrival = {
        atMs,
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
        deliveryId: String(request.headers['webhook-id'] ?? ''),
      };
      receiver.arrivals.push(arrival);
      const told = receiver.answer(arrival);
      setTimeout(() => response.writeHead(told.status, told.headers).end(told.body ?? ''), told.delayMs ?? 0);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  receiver.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return receiver;
}
