import { type AddressInfo, createServer } from 'node:net';

/** @returns a port of loopback that nothing listens on. */
export const freePort = (): Promise<number> =>
  new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });
