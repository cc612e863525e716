import { bytes, drip, flood, type Hostile, OK, raw } from './stranger';

const good = { class: 'success', status: 200, says: null } as const;
const noHttp = { class: 'connect', status: null, says: /^The answer was not valid HTTP; .*may have been/ } as const;
const broken = {
  class: 'connect',
  status: null,
  says: /^The connection was closed before an answer; .*may have/,
} as const;
const late = {
  class: 'timeout',
  status: null,
  says: /^No complete answer came in time; .*may have/,
  isSlow: true,
} as const;

const TEN_THOUSAND = Array.from({ length: 10_000 }, (_, index) => `x-${index}: v\r\n`).join('');
const NAMES = '__proto__: a\r\nconstructor: b\r\n$where: c\r\na.b: d\r\n';

/** Receivers whose answer goes wrong in its head. */
export const BAD_HEADS: readonly Hostile[] = [
  { ...noHttp, name: 'garbage status line', open: bytes('\0\x01\x02 what is this\r\n\r\n') },
  { ...noHttp, name: 'an answer of HTTP/0.9', open: bytes('<html>hello</html>') },
  { ...noHttp, name: 'HTTP/2 frames', open: bytes(Buffer.from('000006040000000000000500004000', 'hex')) },
  { ...noHttp, name: 'one header of 1 MB', open: bytes(`HTTP/1.1 200 OK\r\nx-big: ${'b'.repeat(1 << 20)}\r\n\r\n`) },
  {
    ...noHttp,
    name: 'headers that never end',
    open: raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      flood(socket, `x-more: ${'y'.repeat(1000)}\r\n`);
    }),
  },
  {
    ...noHttp,
    name: 'two lengths',
    open: bytes('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'),
  },
  { ...noHttp, name: 'a negative length', open: bytes('HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n') },
  {
    ...noHttp,
    name: 'a length and chunks',
    open: bytes('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'),
  },
  { ...good, name: '10,000 headers', open: bytes(`HTTP/1.1 200 OK\r\n${TEN_THOUSAND}content-length: 0\r\n\r\n`) },
  {
    ...good,
    name: 'headers with names of our own',
    open: bytes(`HTTP/1.1 200 OK\r\n${NAMES}content-length: 0\r\n\r\n`),
  },
  {
    ...good,
    name: 'a connection to be kept for a day',
    open: bytes('HTTP/1.1 200 OK\r\nkeep-alive: timeout=86400\r\ncontent-length: 0\r\n\r\n'),
  },
  {
    ...good,
    name: 'a reason phrase of 1 MB',
    open: bytes(`HTTP/1.1 200 ${'r'.repeat(1 << 20)}\r\ncontent-length: 0\r\n\r\n`),
  },
  {
    ...late,
    name: 'a reason phrase that never ends',
    open: raw((socket) => {
      socket.write('HTTP/1.1 200 ');
      flood(socket, 'r'.repeat(65_536));
    }),
  },
  {
    ...good,
    name: 'a second answer behind the first (response splitting)',
    open: bytes(`${OK}HTTP/1.1 500 Split\r\ncontent-length: 0\r\n\r\n`),
  },
  {
    ...late,
    name: 'a head of one byte at a time',
    open: raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx-slow: ');
      drip(socket, '.', 100);
    }),
  },
  {
    ...broken,
    name: 'closes in the middle of the head',
    open: raw((socket) => void socket.end('HTTP/1.1 200 OK\r\nx-a')),
  },
  {
    ...broken,
    name: '100 Continue, which nobody asked for',
    open: raw((socket) => flood(socket, 'HTTP/1.1 100 Continue\r\n\r\n')),
  },
  { ...broken, name: 'another protocol', open: bytes('HTTP/1.1 101 Up\r\nupgrade: ws\r\nconnection: upgrade\r\n\r\n') },
  {
    ...late,
    name: '103 Early Hints without end',
    open: raw((socket) => flood(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(100))),
  },
  {
    name: 'status 999',
    class: 'transient',
    status: 999,
    says: null,
    open: bytes('HTTP/1.1 999 No\r\ncontent-length: 0\r\n\r\n'),
  },
  { ...noHttp, name: 'status 000', open: bytes('HTTP/1.1 000 No\r\ncontent-length: 0\r\n\r\n') },
  { ...noHttp, name: 'a status of four digits', open: bytes('HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n') },
  {
    name: '204 with a body',
    class: 'success',
    status: 204,
    says: null,
    open: bytes('HTTP/1.1 204 No\r\ncontent-length: 4\r\n\r\nbody'),
  },
  {
    name: 'a redirect to itself',
    class: 'redirect',
    status: 302,
    says: /redirects to 127\.0\.0\.1:\d+ itself \(HTTP 302\); redirects are not followed/,
    open: raw((socket) => void socket.end('HTTP/1.1 302 Found\r\nlocation: /again\r\ncontent-length: 0\r\n\r\n')),
  },
  {
    name: 'Retry-After of a thousand years',
    class: 'transient',
    status: 503,
    says: null,
    open: bytes('HTTP/1.1 503 Busy\r\nretry-after: 31536000000\r\ncontent-length: 0\r\n\r\n'),
  },
];
