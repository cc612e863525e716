import { createHash, randomBytes } from 'node:crypto';
import { mkdir, realpath, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedError } from './embedded-error';

/** What a running one tells a second one. */
export interface Holder {
  /** undefined = it did not answer in time */
  pid: number | undefined;
  /** where it can be reached; undefined = not known yet */
  address: string | undefined;
}

/** One is running on this data folder already. */
export class AlreadyRunning extends EmbeddedError {
  override readonly name = 'AlreadyRunning';

  constructor(
    readonly holder: Holder,
    dataDir: string,
  ) {
    const who = holder.pid === undefined ? 'another process' : `process ${holder.pid}`;
    const where = holder.address === undefined ? '' : ` at ${holder.address}`;
    super('embedded.already-running', `Hookline is running already on ${dataDir}: ${who}${where}.`);
  }
}

/** The right to use a data folder. */
export interface Lock {
  /** what a second one shall be told as our address */
  announce(address: string): void;
  release(): Promise<void>;
}

const SOCKET_PATH_BYTES_MAX = 100;
const ANSWER_MS_MAX = 2_000;
const TRIES = 5;

/**
 * Takes the lock of a data folder. It is a listening socket: it can't outlive its process, and a process id that was
 * given to somebody else (always so in containers) does not count.
 *
 * @throws AlreadyRunning
 */
export async function takeLock(dataDir: string): Promise<Lock> {
  await mkdir(dataDir, { recursive: true });
  const path = await chooseSocketPath(dataDir);
  const told: Holder = { pid: process.pid, address: undefined };
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(JSON.stringify(told));
  });
  server.unref();

  for (let n = 1; !(await listen(server, path)); n += 1) {
    const holder = await ask(path);
    if (holder !== null || n === TRIES) throw new AlreadyRunning(holder ?? unknownHolder(), dataDir);
    await removeStale(path, dataDir);
  }
  return {
    announce: (address) => {
      told.address = address;
    },
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Socket paths are short by law: for a long one a folder elsewhere stands in, named after the data folder. */
async function chooseSocketPath(dataDir: string): Promise<string> {
  const folder = await realpath(dataDir);
  const inside = join(folder, 'hookline.sock');
  if (Buffer.byteLength(inside) <= SOCKET_PATH_BYTES_MAX) return inside;
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return join(tmpdir(), `hookline-${name}.sock`);
}

function listen(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      server.off('listening', onListening);
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    };
    const onListening = () => {
      server.off('error', onError);
      resolve(true);
    };
    server.once('error', onError).once('listening', onListening).listen(path);
  });
}

/** Who holds the socket; null = nobody, its process died. */
function ask(path: string): Promise<Holder | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let text = '';
    socket.setEncoding('utf8').setTimeout(ANSWER_MS_MAX, () => {
      socket.destroy();
      resolve(unknownHolder());
    });
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.once('error', () => resolve(null));
    socket.once('end', () => {
      socket.destroy();
      resolve(parseHolder(text));
    });
  });
}

/** Moves the dead socket away before it is removed, so that one which was made in between is noticed and put back. */
async function removeStale(path: string, dataDir: string): Promise<void> {
  const aside = `${path}.${randomBytes(3).toString('hex')}`;
  const isMoved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!isMoved) return;
  const holder = await ask(aside);
  if (holder === null) return rm(aside, { force: true });
  await rename(aside, path);
  throw new AlreadyRunning(holder, dataDir);
}

function parseHolder(text: string): Holder {
  try {
    const { pid, address } = JSON.parse(text) as Partial<Holder>;
    return { pid, address };
  } catch {
    return unknownHolder();
  }
}

function unknownHolder(): Holder {
  return { pid: undefined, address: undefined };
}
