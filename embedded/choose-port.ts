import { connect, createServer } from 'node:net';

const HOST = '127.0.0.1';

/**
 * A free port on this machine: the preferred one, or any other where that is taken.
 *
 * @param preferred 0 = any
 * @throws          never
 */
export async function choosePort(preferred: number): Promise<number> {
  if (preferred !== 0 && !(await isAnswering(preferred))) {
    const port = await bindOnce(preferred);
    if (port !== null) return port;
  }
  for (;;) {
    const port = await bindOnce(0);
    if (port !== null) return port;
  }
}

/** A port that is taken until it is released. */
export interface HeldPort {
  port: number;
  release(): Promise<void>;
}

/**
 * Chooses a port as `choosePort` does and keeps it from others: who connects meanwhile is turned away.
 *
 * @param preferred 0 = any
 * @throws          never
 */
export async function holdPort(preferred: number): Promise<HeldPort> {
  for (let wanted = preferred; ; wanted = 0) {
    const port = await choosePort(wanted);
    const server = createServer((socket) => socket.destroy());
    const isHeld = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen({ port, host: HOST, exclusive: true }, () => resolve(true));
    });
    if (isHeld) return { port, release: () => new Promise((resolve) => server.close(() => resolve())) };
  }
}

/** Whether something accepts connections there: a bind alone can succeed beside a server on all addresses. */
export function isAnswering(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: HOST });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function bindOnce(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: HOST, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : null));
    });
  });
}
