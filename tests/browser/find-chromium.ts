import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Names of the program in the packages of Linux distributions, and Chrome's own. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/**
 * The Chromium of this machine: `CHROMIUM_BIN`, or the first on PATH.
 *
 * @throws Error that says what to install
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string {
  if (env.CHROMIUM_BIN) {
    if (isProgram(env.CHROMIUM_BIN)) return env.CHROMIUM_BIN;
    throw new Error(`CHROMIUM_BIN is ${env.CHROMIUM_BIN}, which is no program that can be run`);
  }
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/bin'].filter(Boolean);
  const found = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isProgram);
  if (found) return found;
  throw new Error(
    'The tests in tests/browser need Chromium: install it ("apt-get install chromium" on Debian) or set CHROMIUM_BIN to the path of Chromium or Chrome.',
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
