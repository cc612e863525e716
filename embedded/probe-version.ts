import { BINARIES } from './binaries';
import { EmbeddedError } from './embedded-error';
import type { BinaryName } from './find-binary';
import { runTool } from './run-tool';

const PROBE_STALL_MS = 15_000;
const NOT_EXECUTABLE = 126;
const NOT_LOADABLE = 127;

/**
 * Asks a program for its version by running it.
 *
 * @returns `major.minor.patch` (for the Temporal CLI that of the server inside), or `unknown` for a program that can't tell
 * @throws  EmbeddedError `embedded.wrong-version` when it does not run here, is something else, or is too old
 */
export async function probeVersion(name: BinaryName, path: string): Promise<string> {
  const { title, atLeast, versionPattern } = BINARIES[name];
  const { code, output } = await runTool(path, ['--version'], { stallMs: PROBE_STALL_MS });
  const refuse = (why: string) => new EmbeddedError('embedded.wrong-version', `${path} ${why}.`);

  if (code === null || code === NOT_EXECUTABLE || code === NOT_LOADABLE) {
    throw refuse(`does not run here: ${output.trim().split('\n')[0] ?? ''}`);
  }
  if (versionPattern === undefined) return 'unknown';
  const version = versionPattern.exec(output)?.[1];
  if (version === undefined) throw refuse(`does not look like ${title}: it says no version`);
  if (atLeast !== undefined && isOlder(version, atLeast)) {
    throw refuse(`is too old: ${title} needs ${atLeast} or newer, this is ${version}`);
  }
  return version;
}

/** Whether one `major.minor.patch` comes before another. Suffixes after the numbers are ignored. */
export function isOlder(version: string, than: string): boolean {
  const [left, right] = [numbersOf(version), numbersOf(than)];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at !== -1 && (left[at] ?? 0) < (right[at] ?? 0);
}

function numbersOf(version: string): number[] {
  const [major, minor, patch] = version.split(/[.\-+]/).map((part) => Number.parseInt(part, 10) || 0);
  return [major ?? 0, minor ?? 0, patch ?? 0];
}
