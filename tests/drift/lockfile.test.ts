import { describe, expect, test } from '@jest/globals';
import { isThere, readText } from './repository';

interface Manifest {
  workspaces?: string[];
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}
interface Locked extends Manifest {
  version?: string;
  resolved?: string;
  integrity?: string;
  optionalDependencies?: Record<string, string>;
  link?: boolean;
}

const root = JSON.parse(readText('package.json')) as Manifest;
const locked = Object.entries(
  (JSON.parse(readText('package-lock.json')) as { packages: Record<string, Locked> }).packages,
);
const manifests = ['.', ...(root.workspaces ?? [])].map((folder) => `${folder}/package.json`).filter(isThere);

describe('what is installed', () => {
  test.each(manifests)('%s asks for exact versions only', (path) => {
    const { dependencies, devDependencies } = JSON.parse(readText(path)) as Manifest;
    const asked = Object.entries({ ...dependencies, ...devDependencies });
    expect(asked.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  test('the lock names no host, so that any registry will do', () => {
    const addresses = locked.filter(([, { resolved, link }]) => resolved !== undefined && !link);
    expect(addresses.map(([path, { resolved }]) => `${path}: ${resolved}`)).toEqual([]);
  });

  test('the lock holds a checksum of every package', () => {
    const packages = locked.filter(([path, { link }]) => path.includes('node_modules/') && !link);
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
  });

  // `npm ci` refuses a lock that lacks one: a registry may not have every platform's build of a new version.
  test('the lock holds the builds of every platform', () => {
    const names = new Set(locked.map(([path]) => path.replace(/^.*node_modules\//, '')));
    const asked = locked.flatMap(([path, { optionalDependencies }]) =>
      Object.keys(optionalDependencies ?? {}).map((name) => ({ path, name })),
    );
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.filter(({ name }) => !names.has(name))).toEqual([]);
  });

  // With several copies a recorded history can't be replayed: "type must be a Type".
  test('all Temporal packages share one copy of protobufjs, the one package.json pins', () => {
    const copies = locked.filter(([path]) => /(^|@temporalio\/[^/]+\/)node_modules\/protobufjs$/.test(path));
    expect(copies.map(([path, { version }]) => [path, version])).toEqual([
      ['node_modules/protobufjs', root.dependencies?.protobufjs],
    ]);
  });

  test('all Temporal packages are of one version', () => {
    const versions = locked
      .filter(([path]) => /^node_modules\/@temporalio\/[^/]+$/.test(path))
      .map(([, { version }]) => version);
    expect([...new Set(versions)]).toEqual([root.dependencies?.['@temporalio/worker']]);
  });
});
