import { createServer } from 'node:http';
import { expect, test } from '@jest/globals';
import { failureOf, limits, openClient as open, post } from '../../tests/servers/open-client';
import { listen, serve } from '../../tests/servers/open-stranger';
import type { Resolve } from './guarded-connector';

test.each([
  ['a literal', '127.0.0.1'],
  ['a decimal literal', '2130706433'],
  ['a mapped IPv6 literal', '[::ffff:127.0.0.1]'],
  ['a name', 'localhost'],
])('never reaches loopback by %s unless it is allowed', async (_kind, host) => {
  let connections = 0;
  const server = createServer((_req, res) => res.end()).on('connection', () => connections++);
  const url = (await listen(server)).replace('127.0.0.1', host);
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
