import { promisify } from 'node:util';
import { deflate, gzip } from 'node:zlib';
import { bytes, drip, flood, type Hostile, raw } from './stranger';

const BOMB_BYTES = 64 * 1024 * 1024;
const good = { class: 'success', status: 200, says: null } as const;
const HEAD = 'HTTP/1.1 200 OK\r\n';

/** A bomb of a few kilobytes that is 64 MiB when it is unpacked. */
const bomb = (encoding: string, pack: (zeros: Buffer) => Promise<Buffer>) => async () => {
  const packed = await pack(Buffer.alloc(BOMB_BYTES));
  const head = `${HEAD}content-encoding: ${encoding}\r\ncontent-length: ${packed.length}\r\n\r\n`;
  return bytes(Buffer.concat([Buffer.from(head), packed]))();
};

/** Receivers whose answer goes wrong behind the status line: the delivery has arrived all the same. */
export const BAD_BODIES: readonly Hostile[] = [
  {
    ...good,
    name: 'endless body',
    open: raw((socket) => {
      socket.write(`${HEAD}\r\n`);
      flood(socket, 'x'.repeat(65_536));
    }),
  },
  {
    ...good,
    name: 'a body of one byte at a time',
    isSlow: true,
    open: raw((socket) => {
      socket.write(`${HEAD}content-length: 1000\r\n\r\n`);
      drip(socket, '.', 100);
    }),
  },
  { ...good, name: 'gzip bomb', open: bomb('gzip', promisify<Buffer, Buffer>(gzip)) },
  { ...good, name: 'deflate bomb', open: bomb('deflate', promisify<Buffer, Buffer>(deflate)) },
  { ...good, name: 'gzip that is none', open: bytes(`${HEAD}content-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope`) },
  {
    ...good,
    name: 'closes in the middle of the body',
    open: raw((socket) => void socket.end(`${HEAD}content-length: 100000\r\n\r\npart`)),
  },
  {
    ...good,
    name: 'resets in the middle of the body',
    open: raw((socket) => {
      socket.write(`${HEAD}content-length: 100000\r\n\r\npart`);
      setImmediate(() => socket.resetAndDestroy());
    }),
  },
  {
    ...good,
    name: 'says a length and never sends it',
    isSlow: true,
    open: bytes(`${HEAD}content-length: 99999999999\r\n\r\n`),
  },
  {
    ...good,
    name: 'chunks with broken sizes',
    open: bytes(`${HEAD}transfer-encoding: chunked\r\n\r\nzz\r\nbroken\r\n-1\r\n`),
  },
  {
    ...good,
    name: 'chunks with endless extensions',
    open: raw((socket) => {
      socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n5;`);
      flood(socket, 'e'.repeat(65_536));
    }),
    isSlow: true,
  },
  {
    ...good,
    name: 'endless trailers',
    open: raw((socket) => {
      socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n0\r\n`);
      flood(socket, `x-trailer: ${'t'.repeat(1000)}\r\n`);
    }),
  },
];
