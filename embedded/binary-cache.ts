import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BinaryName } from './find-binary';

/** One binary in the cache. */
export interface CachedBinary {
  path: string;
  version: string;
}

const PLATFORM = `${process.platform}-${process.arch}`;
const FETCH_PREFIX = '.fetch-';
const LEFTOVER_AFTER_MS = 24 * 3_600_000;

/**
 * Looks for a binary that was kept earlier. Its name carries version, platform and SHA-256; a file whose bytes no
 * longer match its name is removed and counts as absent.
 *
 * @throws never
 */
export async function findCached(name: BinaryName, cacheDir: string): Promise<CachedBinary | null> {
  const pattern = new RegExp(`^${name}-([^-]+)-${PLATFORM}-([0-9a-f]{64})$`);
  for (const file of await readdir(cacheDir).catch(() => [])) {
    const [, version, sha256] = pattern.exec(file) ?? [];
    if (version === undefined) continue;
    const path = join(cacheDir, file);
    if ((await hashFile(path).catch(() => '')) === sha256) return { path, version };
    await rm(path, { force: true });
  }
  return null;
}

/**
 * Moves a freshly fetched binary into the cache by one rename, so that two processes fetching at once can't harm each
 * other.
 */
export async function keepInCache(
  name: BinaryName,
  cacheDir: string,
  fetched: { path: string; version: string },
): Promise<CachedBinary> {
  await chmod(fetched.path, 0o755);
  const sha256 = await hashFile(fetched.path);
  const path = join(cacheDir, `${name}-${fetched.version}-${PLATFORM}-${sha256}`);
  await rename(fetched.path, path);
  return { path, version: fetched.version };
}

/** A new empty folder inside the cache to fetch into, on the same file system. Also removes what crashes left behind. */
export async function openFetchFolder(cacheDir: string): Promise<string> {
  await mkdir(cacheDir, { recursive: true });
  for (const file of await readdir(cacheDir)) {
    if (!file.startsWith(FETCH_PREFIX)) continue;
    const path = join(cacheDir, file);
    const facts = await stat(path).catch(() => null);
    if (facts !== null && Date.now() - facts.mtimeMs > LEFTOVER_AFTER_MS) {
      await rm(path, { recursive: true, force: true });
    }
  }
  return mkdtemp(join(cacheDir, `${FETCH_PREFIX}${randomBytes(4).toString('hex')}-`));
}

/** SHA-256 of a file, hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
