import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { bytes, flood, type Hostile, listenAs, OK, raw, type Stranger, secured } from './stranger';

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
const noTls = { class: 'tls', status: null } as const;

const QUEUE_FILLERS = 8;
const LISTENER = `
  const server = require('node:net').createServer();
  server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => console.log(server.address().port));
`;

/** A process that listens and is stopped, its queue of connections full: the kernel lets nobody in. */
async function neverAccepts(): Promise<Stranger> {
  const child = spawn(process.execPath, ['-e', LISTENER], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill('SIGSTOP');
  const fillers: Socket[] = [];
  for (let index = 0; index < QUEUE_FILLERS; index++)
    fillers.push(connect(Number(port), '127.0.0.1').on('error', () => undefined));
  // Two get in; the others wait for ever.
  await Promise.all(fillers.slice(0, 2).map((socket) => once(socket, 'connect')));
  return {
    url: `http://127.0.0.1:${Number(port)}`,
    openCount: () => 0,
    close: async () => {
      for (const socket of fillers) socket.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** A port where nobody listens. */
async function nobody(): Promise<Stranger> {
  const gone = await listenAs('http', createServer());
  await gone.close();
  return { ...gone, close: async () => undefined };
}

const asHttps = (open: () => Promise<Stranger>) => async (): Promise<Stranger> => {
  const stranger = await open();
  return { ...stranger, url: stranger.url.replace('http:', 'https:') };
};
const asHttp = (open: () => Promise<Stranger>) => async (): Promise<Stranger> => {
  const stranger = await open();
  return { ...stranger, url: stranger.url.replace('https:', 'http:') };
};

/** Receivers with which no request and answer come about, or not in the usual order. */
export const BAD_CONNECTIONS: readonly Hostile[] = [
  { ...broken, name: 'nobody listens', says: /^The server refused the connection/, open: nobody },
  { ...late, name: 'never accepts', says: /^No connection came about in time; nothing was sent/, open: neverAccepts },
  { ...late, name: 'accepts and never answers', open: raw(() => undefined) },
  {
    ...broken,
    name: 'closes at once',
    open: () =>
      listenAs(
        'http',
        createServer((socket) => void socket.destroy()),
      ),
  },
  { ...broken, name: 'closes before the answer', open: raw((socket) => void socket.end()) },
  { ...broken, name: 'resets before the answer', open: raw((socket) => void socket.resetAndDestroy()) },
  {
    name: 'answers before it has read the request',
    class: 'rejected',
    status: 413,
    says: null,
    open: () =>
      listenAs(
        'http',
        createServer((socket) => {
          socket.pause();
          setTimeout(() => socket.resume(), 2000); // so that it sees the end of the connection
          socket.write('HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
        }),
      ),
  },
  { ...noTls, name: 'expired certificate', says: /CERT_HAS_EXPIRED/, open: secured('expired') },
  { ...noTls, name: 'self-signed certificate', says: /DEPTH_ZERO_SELF_SIGNED_CERT/, open: secured('self-signed') },
  { ...noTls, name: 'certificate of another host', says: /ERR_TLS_CERT_ALTNAME_INVALID/, open: secured('wrong-host') },
  { ...noTls, name: 'https to a plain port', says: /^No secure connection/, open: asHttps(bytes(OK)) },
  { ...late, name: 'https that never shakes hands', says: /nothing was sent/, open: asHttps(raw(() => undefined)) },
  {
    ...noTls,
    name: 'https that answers with noise',
    says: /^No secure connection/,
    open: asHttps(raw((socket) => flood(socket, 'noise '.repeat(1000)))),
  },
  { ...broken, name: 'http to a TLS port', says: /may have been processed/, open: asHttp(secured('good')) },
  { name: 'a good certificate', class: 'success', status: 200, says: null, open: secured('good') },
];
