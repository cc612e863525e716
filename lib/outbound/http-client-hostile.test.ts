import { expect, test } from '@jest/globals';
import { failureOf, limits, openClient as open, post } from '../../tests/servers/open-client';
import { serve, serveRaw } from '../../tests/servers/open-stranger';

test('gives up on a slow answer at the limit, not at a later one of its own', async () => {
  const url = await serve(() => undefined);
  const startedAt = performance.now();
  const failure = await failureOf(open().send(post(url), { ...limits, timeoutMs: 1000 }));
  const tookMs = performance.now() - startedAt;
  expect(failure.code).toBe('timeout');
  expect(tookMs).toBeGreaterThan(980);
  expect(tookMs).toBeLessThan(4000);
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
  expect(answer.timings.totalMs).toBeLessThan(4500);
});

test('a body that breaks off is a success', async () => {
  const url = await serveRaw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\npart');
    setTimeout(() => socket.destroy(), 50);
  });
  expect(await open().send(post(url), limits)).toMatchObject({ status: 200, isTruncated: true, body: 'part' });
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
