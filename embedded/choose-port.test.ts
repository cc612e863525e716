import { expect, test } from '@jest/globals';
import { choosePort, holdPort } from './choose-port';

test('a held port is not chosen by others until it is released', async () => {
  const held = await holdPort(0);
  expect(await choosePort(held.port)).not.toBe(held.port);
  const other = await holdPort(held.port);
  expect(other.port).not.toBe(held.port);
  await Promise.all([held.release(), other.release()]);
  expect(await choosePort(held.port)).toBe(held.port);
});
