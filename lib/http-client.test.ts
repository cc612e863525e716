import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import type { Resolve } from './guarded-connector';
import { type HttpAnswer, type HttpClient, HttpFailure, openHttpClient } from './http-client';

const closers: (() => Promise<void> | void)[] = [];
const clients: HttpClient[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
afterAll(async () => {
  for (const client of clients) await client.close();
});

const open = (options: { allow?: string[]; resolve?: Resolve } = {}): HttpClient => {
  const client = openHttpClient({ allow: ['127.0.0.0/8'], ...options });
  clients.push(client);
  return client;
};
const limits = { timeoutMs: 3000, responseBytesKept: 16_384, responseBytesRead: 262_144 };
const post = (url: string) => ({ method: 'POST', url, headers: { 'content-type': 'text/plain' }, body: 'hello' });

async function listen(server: Server | TcpServer): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const serve = (answer: (req: IncomingMessage, res: ServerResponse) => void) => listen(createServer(answer));
const serveRaw = (answer: (socket: Socket) => void) =>
  listen(createTcpServer((socket) => void socket.once('data', () => answer(socket))));

async function failureOf(sending: Promise<HttpAnswer>): Promise<HttpFailure> {
  const ended = await sending.catch((error: unknown) => error);
  expect(ended).toBeInstanceOf(HttpFailure);
  return ended as HttpFailure;
}

test('sends method, headers and body, and tells status, headers, body, peer and durations', async () => {
  let seen = '';
  const url = await serve((req, res) => {
    req.on('data', (chunk) => {
      seen += `${req.method} ${req.url} ${req.headers['x-name']} ${chunk}`;
    });
    req.on('end', () => res.writeHead(201, { 'X-Two': ['a', 'b'] }).end('fine ✓'));
  });
  const answer = await open().send({ ...post(`${url}/p?q=1`), headers: { 'x-name': 'n' } }, limits);
  expect(seen).toBe('POST /p?q=1 n hello');
  expect(answer).toMatchObject({ status: 201, body: 'fine ✓', isTruncated: false, peer: '127.0.0.1' });
  expect(answer.headers['x-two']).toBe('a, b');
  expect(answer.timings.firstByteMs).toBeGreaterThan(0);
  expect(answer.timings.totalMs).toBeGreaterThanOrEqual(answer.timings.firstByteMs);
});

test('sends header values outside ASCII as UTF-8', async () => {
  let bytes = '';
  const url = await serve((req, res) => {
    bytes = req.headers['x-name'] as string;
    res.end();
  });
  await open().send({ ...post(url), headers: { 'x-name': 'Zoë 你好' } }, limits);
  expect(Buffer.from(bytes, 'latin1').toString('utf8')).toBe('Zoë 你好');
});

test('takes up a used connection again, and still knows the peer', async () => {
  const ports = new Set<number | undefined>();
  const url = await serve((req, res) => {
    ports.add(req.socket.remotePort);
    res.end('ok');
  });
  const client = open();
  await client.send(post(url), limits);
  await new Promise(setImmediate); // the client notes the end of the answer behind our back
  const second = await client.send(post(url), limits);
  expect(ports.size).toBe(1);
  expect(second.peer).toBe('127.0.0.1');
});

test('does not follow a redirect', async () => {
  let hits = 0;
  const url = await serve((_req, res) => {
    hits++;
    res.writeHead(302, { location: '/else' }).end();
  });
  const answer = await open().send(post(url), limits);
  expect(answer).toMatchObject({ status: 302, headers: { location: '/else' } });
  expect(hits).toBe(1);
});

test('gives up on a slow answer within 10 % of the limit', async () => {
  const url = await serve(() => undefined);
  const startedAt = performance.now();
  const failure = await failureOf(open().send(post(url), { ...limits, timeoutMs: 1000 }));
  const tookMs = performance.now() - startedAt;
  expect(failure.code).toBe('timeout');
  expect(tookMs).toBeGreaterThan(980);
  expect(tookMs).toBeLessThan(1100);
});

test('an endless body is a success, cut off after the bytes to read', async () => {
  let isClosed = false;
  const url = await serve((_req, res) => {
    res.writeHead(200);
    const more = () => {
      while (!isClosed && res.write('x'.repeat(65_536)));
    };
    res.on('drain', more).on('close', () => {
      isClosed = true;
    });
    more();
  });
  const answer = await open().send(post(url), limits);
  expect(answer).toMatchObject({ status: 200, isTruncated: true });
  expect(answer.body).toHaveLength(16_384);
});

test('a body of one byte at a time is a success, cut off at the time limit', async () => {
  const url = await serve((_req, res) => {
    res.writeHead(200);
    res.write('.');
    const timer = setInterval(() => res.write('.'), 1000);
    res.on('close', () => clearInterval(timer));
  });
  const answer = await open().send(post(url), { ...limits, timeoutMs: 1500 });
  expect(answer).toMatchObject({ status: 200, isTruncated: true, body: '..' });
  expect(answer.timings.totalMs).toBeLessThan(1650);
});

test('a body that breaks off is a success', async () => {
  const url = await serveRaw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\npart');
    setTimeout(() => socket.destroy(), 50);
  });
  expect(await open().send(post(url), limits)).toMatchObject({ status: 200, isTruncated: true, body: 'part' });
});

test('never cuts a character of the kept body in half', async () => {
  const url = await serve((_req, res) => res.end('€'.repeat(10)));
  const answer = await open().send(post(url), { ...limits, responseBytesKept: 10 });
  expect(answer).toMatchObject({ body: '€€€', isTruncated: true });
});

test('keeps at most 64 of 10,000 headers, Retry-After among them', async () => {
  const url = await serveRaw((socket) => {
    const rows = Array.from({ length: 10_000 }, (_, index) => `x-${index}: v\r\n`).join('');
    socket.end(`HTTP/1.1 503 Busy\r\n${rows}Retry-After: 7\r\ncontent-length: 0\r\n\r\n`);
  });
  const answer = await open().send(post(url), limits);
  expect(answer.status).toBe(503);
  expect(Object.keys(answer.headers)).toHaveLength(64);
  expect(answer.headers['retry-after']).toBe('7');
});

test('refuses an answer whose headers never end', async () => {
  const url = await serveRaw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    const more = () => {
      while (!socket.destroyed && socket.write(`x-more: ${'y'.repeat(1000)}\r\n`));
    };
    socket.on('drain', more);
    more();
  });
  expect((await failureOf(open().send(post(url), limits))).code).toBe('protocol');
});

test('calls a garbage status line a protocol failure', async () => {
  const url = await serveRaw((socket) => void socket.end('HTTP/9 what\r\n\r\n'));
  expect((await failureOf(open().send(post(url), limits))).code).toBe('protocol');
});

test('a connection closed before the answer is a failure, and the request is not sent again', async () => {
  let hits = 0;
  const url = await serveRaw((socket) => {
    hits++;
    socket.destroy();
  });
  expect((await failureOf(open().send(post(url), limits))).code).toBe('connect');
  expect((await failureOf(open().send({ ...post(url), method: 'GET', body: null }, limits))).code).toBe('connect');
  expect(hits).toBe(2);
});

test('tells a refused connection', async () => {
  const server = createTcpServer();
  const url = await listen(server);
  await closers.pop()?.();
  expect((await failureOf(open().send(post(url), limits))).code).toBe('connect');
});

test('tells a server that speaks no TLS', async () => {
  const url = await serve((_req, res) => res.end());
  expect((await failureOf(open().send(post(url.replace('http:', 'https:')), limits))).code).toBe('tls');
});

test('tells a host name that does not exist', async () => {
  const resolve: Resolve = (host, _options, callback) =>
    callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' }), []);
  expect((await failureOf(open({ resolve }).send(post('http://nope.invalid/'), limits))).code).toBe('dns');
});

test("leaves names to the system's look-up", async () => {
  expect((await failureOf(open().send(post('http://nope.invalid/'), limits))).code).toBe('dns');
});

test('calls a request that cannot be sent invalid', async () => {
  const failure = await failureOf(
    open().send({ ...post('http://127.0.0.1:9/'), headers: { 'bad name': 'x' } }, limits),
  );
  expect(failure.code).toBe('invalid');
});

test.each([
  ['a literal', 'HOST'],
  ['a decimal literal', '2130706433'],
  ['a mapped IPv6 literal', '[::ffff:127.0.0.1]'],
  ['a name', 'localhost'],
])('never reaches loopback by %s unless it is allowed', async (_kind, host) => {
  let connections = 0;
  const server = createServer((_req, res) => res.end()).on('connection', () => connections++);
  const url = (await listen(server)).replace('127.0.0.1', host === 'HOST' ? '127.0.0.1' : host);
  expect((await failureOf(open({ allow: [] }).send(post(url), limits))).code).toBe('blocked');
  expect(connections).toBe(0);
});

test('never reaches a name of which one address is blocked', async () => {
  const resolve: Resolve = (_host, _options, callback) =>
    callback(null, [
      { address: '127.0.0.1', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ]);
  const url = await serve((_req, res) => res.end());
  const named = url.replace('127.0.0.1', 'good.example');
  expect((await failureOf(open({ resolve }).send(post(named), limits))).code).toBe('blocked');
});

test('checks again when a name changes its address', async () => {
  let lookups = 0;
  const resolve: Resolve = (_host, _options, callback) =>
    callback(null, [{ address: ++lookups === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }]);
  const url = await serve((_req, res) => res.writeHead(200, { connection: 'close' }).end());
  const named = url.replace('127.0.0.1', 'rebinding.example');
  const client = open({ resolve });
  expect((await client.send(post(named), limits)).status).toBe(200);
  expect((await failureOf(client.send(post(named), limits))).code).toBe('blocked');
});

test('50 requests that a server never answers do not hold up another request to the same server', async () => {
  const url = await serve((req, res) => void (req.url === '/live' && res.end('ok')));
  const client = open();
  const dead = Array.from({ length: 50 }, () =>
    failureOf(client.send(post(`${url}/dead`), { ...limits, timeoutMs: 1500 })),
  );
  const answer = await client.send(post(`${url}/live`), limits);
  expect(answer.timings.totalMs).toBeLessThan(1000);
  for (const failure of await Promise.all(dead)) expect(failure.code).toBe('timeout');
});
