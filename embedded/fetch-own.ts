import { chmod, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BINARIES } from './binaries';
import { EmbeddedError } from './embedded-error';
import type { BinaryName, OnProgress } from './find-binary';
import { runTool } from './run-tool';

const STALL_MS = 10_000;
const BINARY_BYTES_MIN = 10_000_000;
const UNFINISHED = /\.(downloading|tgz|zip|gz)$/;

/**
 * The SDK downloads only in order to start, so it starts and stops a server in memory. In a process of its own: the
 * SDK's runtime takes over the signals of the process it lives in, and here it can be stopped when it stalls.
 */
const SDK_SCRIPT = `
const [testing, kind, version, downloadDir] = process.argv.slice(1);
const { TestWorkflowEnvironment } = require(testing);
const server = { executable: { type: 'cached-download', version, downloadDir, ttl: '365d' } };
TestWorkflowEnvironment[kind]({ server }).then((env) => env.teardown()).then(() => process.exit(0), (error) => {
  console.error(error.cause?.message ?? error.message);
  process.exit(1);
});`;

/** It may know of one that was downloaded earlier, elsewhere: that one is copied. */
const MEMORY_SERVER_SCRIPT = `
const [memoryServer, version, downloadDir] = process.argv.slice(1);
const keep = (path) => path.startsWith(downloadDir) || require('node:fs').copyFileSync(path, downloadDir + '/mongod');
require(memoryServer).MongoBinary.getPath({ version, downloadDir }).then(keep).then(() => process.exit(0), (error) => {
  console.error(error.message);
  process.exit(1);
});`;

/** One try, checked against the project's own MD5, and with certificates checked (off by default there). */
const MEMORY_SERVER_SETTINGS = [
  'MONGOMS_MAX_RETRIES=1',
  'MONGOMS_MD5_CHECK=true',
  'MONGOMS_RUNTIME_DOWNLOAD=true',
  'MONGOMS_PREFER_GLOBAL_PATH=false',
  'npm_config_strict_ssl=true',
];

/**
 * Fetches a binary with its project's own downloader, at the pinned version: the Temporal SDK's, or
 * mongodb-memory-server's.
 *
 * @param folder empty, for the download
 * @returns      path of the binary inside `folder`, executable
 * @throws       EmbeddedError `embedded.fetch-failed`, within seconds where the project can't be reached
 */
export async function fetchOwn(
  name: BinaryName,
  folder: string,
  onProgress: OnProgress,
): Promise<{ path: string; version: string }> {
  const { title, ownVersion, ownBytes } = BINARIES[name];
  const what = `${name} (${title} ${ownVersion})`;
  onProgress({ what, fraction: 0 });
  const { code, output } = await runTool('env', commandFor(name, folder), {
    stallMs: STALL_MS,
    watchDir: folder,
    onBytes: (bytes) => onProgress({ what, fraction: Math.min(bytes / ownBytes, 1) }),
  });
  // A server that came whole but started too slowly for the SDK is welcome; its version is asked for later anyway.
  const path = code === 0 || name !== 'mongod' ? await findBinaryFile(folder) : undefined;
  if (path === undefined) {
    const why = output.trim().split('\n').at(-1)?.trim() || 'no file came';
    throw new EmbeddedError('embedded.fetch-failed', `the project's own download failed (${why})`);
  }
  await chmod(path, 0o755);
  return { path, version: ownVersion.replace(/^v/, '') };
}

function commandFor(name: BinaryName, folder: string): string[] {
  const { ownVersion } = BINARIES[name];
  const node = [process.execPath, '-e'];
  switch (name) {
    case 'mongod': {
      const settings = [...MEMORY_SERVER_SETTINGS, `MONGOMS_DOWNLOAD_DIR=${folder}`];
      return [
        ...settings,
        ...node,
        MEMORY_SERVER_SCRIPT,
        require.resolve('mongodb-memory-server-core'),
        ownVersion,
        folder,
      ];
    }
    case 'temporal':
      return [...node, SDK_SCRIPT, require.resolve('@temporalio/testing'), 'createLocal', ownVersion, folder];
    case 'temporal-test-server':
      return [...node, SDK_SCRIPT, require.resolve('@temporalio/testing'), 'createTimeSkipping', ownVersion, folder];
  }
}

async function findBinaryFile(folder: string): Promise<string | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !UNFINISHED.test(entry.name));
  for (const file of files) {
    const path = join(file.parentPath, file.name);
    if ((await stat(path)).size > BINARY_BYTES_MIN) return path;
  }
  return undefined;
}
