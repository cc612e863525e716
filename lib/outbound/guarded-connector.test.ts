import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { guardConnector, type Resolve } from './guarded-connector';

const connectTo = (hostname: string, isBlocked: (ip: string) => boolean, resolve?: Resolve, port = '9') =>
  new Promise<unknown>((done) => {
    guardConnector(isBlocked, resolve ? { resolve } : {})({ hostname, protocol: 'http:', port }, (error, socket) => {
      socket?.destroy();
      done(error);
    });
  });
const resolveTo =
  (...addresses: string[]): Resolve =>
  (_host, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

test.each(['10.0.0.1', '[::1]'])('blocks the literal %s without connecting', async (hostname) => {
  expect(await connectTo(hostname, () => true)).toMatchObject({ code: 'ERR_ADDRESS_BLOCKED' });
});

test('blocks a name when one of its addresses is blocked', async () => {
  const isBlocked = (ip: string) => ip === '::1';
  expect(await connectTo('two.example', isBlocked, resolveTo('127.0.0.1', '::1'))).toMatchObject({
    code: 'ERR_ADDRESS_BLOCKED',
  });
});

test('calls a name without addresses not found', async () => {
  expect(await connectTo('none.example', () => false, resolveTo())).toMatchObject({ code: 'ENOTFOUND' });
});

test('hangs up when the peer that answered is blocked', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  let checks = 0;
  const isBlocked = () => ++checks > 1; // the look-up passes, the peer does not
  const port = String((server.address() as AddressInfo).port);
  expect(await connectTo('name.example', isBlocked, resolveTo('127.0.0.1'), port)).toMatchObject({
    code: 'ERR_ADDRESS_BLOCKED',
  });
  await new Promise((resolve) => server.close(resolve));
});
