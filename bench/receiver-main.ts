import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the receiver tells of one request: `atMs` is Unix milliseconds, with fractions. */
export interface Arrival {
  key: string;
  deliveryId: string;
  atMs: number;
}

const nowMs = (): number => performance.timeOrigin + performance.now();

/** Requests to here are taken and never answered. */
export const DEAD_PATH = '/dead';

/** A stranger's server in a process of its own: answers 200 at once and tells its parent what came. */
function main(): void {
  const server = createServer((request, response) => {
    const atMs = nowMs();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url?.startsWith(DEAD_PATH)) return;
      response.writeHead(200).end('ok');
      const { key } = JSON.parse(Buffer.concat(chunks).toString()) as { key: string };
      const arrival: Arrival = { key, deliveryId: String(request.headers['webhook-id'] ?? ''), atMs };
      process.send?.(arrival);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
  process.on('disconnect', () => process.exit(0));
}

if (require.main === module) main();
