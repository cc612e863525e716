import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];

/** The Chromium of this machine: `CHROMIUM_BIN`, or the first of its usual names on the path. @throws when there is none */
function findChromium(): string {
  const { CHROMIUM_BIN, PATH = '' } = process.env;
  const candidates = CHROMIUM_BIN
    ? [CHROMIUM_BIN]
    : NAMES.flatMap((name) => PATH.split(delimiter).map((folder) => join(folder, name)));
  const found = candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (!found)
    throw new Error('The browser tests need Chromium: install it ("apt-get install chromium"), or set CHROMIUM_BIN.');
  return found;
}

/** A real Chromium without a window. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: findChromium(),
    args: [...QUIET, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
