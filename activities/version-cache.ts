import type { StoredVersion } from '../schemas/automation-map';
import type { MapId } from '../schemas/ids';
import type { Database } from '../store/database';
import { getVersion } from '../store/versions';

const KEPT = 500;

/** Published versions by map and number; they never change, so they are read once a process. */
export interface VersionCache {
  get(mapId: MapId, number: number): Promise<StoredVersion>;
}

/** @returns a cache of the 500 versions used last */
export function openVersionCache(db: Database): VersionCache {
  const kept = new Map<string, Promise<StoredVersion>>();
  return {
    get(mapId, number) {
      const key = `${mapId}:${number}`;
      const version = kept.get(key) ?? getVersion(db, { mapId, number });
      kept.delete(key);
      kept.set(key, version);
      version.catch(() => kept.delete(key));
      if (kept.size > KEPT) kept.delete(kept.keys().next().value ?? '');
      return version;
    },
  };
}
