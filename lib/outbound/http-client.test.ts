import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { failureOf, limits, openClient as open, post } from '../../tests/servers/open-client';
import { closeStrangers, listen, serve } from '../../tests/servers/open-stranger';
import { until } from '../../tests/servers/until';
import type { Resolve } from './guarded-connector';

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
  expect(answer.timings.totalMs).toBeGreaterThanOrEqual(answer.timings.firstByteMs ?? Infinity);
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

test('never cuts a character of the kept body in half', async () => {
  const url = await serve((_req, res) => res.end('€'.repeat(10)));
  const answer = await open().send(post(url), { ...limits, responseBytesKept: 10 });
  expect(answer).toMatchObject({ body: '€€€', isTruncated: true });
});

test('tells a refused connection', async () => {
  const server = createTcpServer();
  const url = await listen(server);
  await closeStrangers();
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
  const url = await serve((_req, res) => res.end());
  const failure = await failureOf(open().send({ ...post(url), headers: { 'bad name': 'x' } }, limits));
  expect(failure.code).toBe('invalid');
});

test('tells how long look-up, connecting and the head of the answer took', async () => {
  const resolve: Resolve = (_host, _options, callback) =>
    void setTimeout(() => callback(null, [{ address: '127.0.0.1', family: 4 }]), 40);
  const url = await serve((_req, res) => void setTimeout(() => res.end('ok'), 40));
  const { timings } = await open({ resolve }).send(post(url.replace('127.0.0.1', 'slow.example')), limits);
  expect(timings.dnsMs).toBeGreaterThan(35);
  expect(timings.connectMs).toBeGreaterThan(0);
  expect(timings.tlsMs).toBeNull();
  expect(timings.firstByteMs).toBeGreaterThan(75);
  expect(timings.totalMs).toBeGreaterThanOrEqual(timings.firstByteMs ?? Infinity);
});

test('a request on a connection that was open waited for no part of it', async () => {
  const url = await serve((_req, res) => res.end('ok'));
  const client = open();
  const first = await client.send(post(url), limits);
  expect(first.timings).toMatchObject({ dnsMs: null, connectMs: expect.any(Number), tlsMs: null });
  await new Promise(setImmediate);
  const second = await client.send(post(url), limits);
  expect(second.timings).toMatchObject({ dnsMs: null, connectMs: null, tlsMs: null });
});

test('a failure tells how far it got and how long that took', async () => {
  const url = await serve(() => undefined);
  const { timings } = await failureOf(open().send(post(url), { ...limits, timeoutMs: 200 }));
  expect(timings).toMatchObject({ dnsMs: null, connectMs: expect.any(Number), tlsMs: null, firstByteMs: null });
  expect(timings.totalMs).toBeGreaterThan(190);
  const resolve: Resolve = (_host, _options, callback) =>
    callback(Object.assign(new Error(), { code: 'ENOTFOUND' }), []);
  const unknown = await failureOf(open({ resolve }).send(post('http://nope.example/'), limits));
  expect(unknown.timings).toMatchObject({ dnsMs: null, connectMs: null, firstByteMs: null });
});

test('a time limit that ends a look-up or a connection says that nothing was sent', async () => {
  let release = (): void => undefined;
  const resolve: Resolve = (_host, _options, callback) => {
    release = () => callback(Object.assign(new Error(), { code: 'ENOTFOUND' }), []);
  };
  const failure = await failureOf(open({ resolve }).send(post('http://slow.example/'), { ...limits, timeoutMs: 200 }));
  expect(failure).toMatchObject({ code: 'timeout', cause: { code: 'ETIMEDOUT' } });
  expect(failure.timings.totalMs).toBeLessThan(1000);
  release();
});

test('a connection is opened ahead of its request, and again when the receiver has closed it meanwhile', async () => {
  const opened: Socket[] = [];
  const server = createServer((_req, res) => res.end('ok')).on('connection', (socket) => void opened.push(socket));
  const url = await listen(server);
  const exchange = open().open(url, 3000);
  expect(await exchange.connect()).toBe(true);
  expect(await exchange.connect()).toBe(true);
  expect(opened).toHaveLength(1);
  const closed = once(opened[0] as Socket, 'close');
  opened[0]?.end();
  await closed;
  expect(await exchange.connect()).toBe(true);
  expect(await exchange.send(post(url), limits)).toMatchObject({
    status: 200,
    timings: { connectMs: expect.any(Number) },
  });
  expect(opened).toHaveLength(2);
});

test('an answer that comes before the request is for nobody, and a new connection is opened', async () => {
  let connections = 0;
  const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n';
  const server = createTcpServer((socket) => {
    if (connections++ === 0) socket.write(`${answer}no`);
    else socket.once('data', () => socket.write(`${answer}ok`));
  });
  const url = await listen(server);
  const exchange = open().open(url, 3000);
  await until('the early answer to be noticed', async () => (await exchange.connect()) && connections === 2);
  expect((await exchange.send(post(url), limits)).body).toBe('ok');
  expect(connections).toBe(2);
});

test('an exchange that ends without a request closes its connection', async () => {
  const server = createServer();
  const closed = new Promise<void>((done) =>
    server.on('connection', (socket) => void socket.on('close', () => done())),
  );
  const exchange = open().open(await listen(server), 3000);
  await exchange.connect();
  exchange.end();
  await closed;
});

test('a connection that cannot be opened is said before the request, which fails by it', async () => {
  const server = createTcpServer();
  const url = await listen(server);
  await closeStrangers();
  const exchange = open().open(url, 3000);
  expect(await exchange.connect()).toBe(false);
  expect((await failureOf(exchange.send(post(url), limits))).code).toBe('connect');
});
