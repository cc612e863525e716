import { describe, expect, test } from '@jest/globals';
import Ajv from 'ajv/dist/2020';
import { parse, parseDocument } from 'yaml';
import { SETTINGS } from '../../lib/config';
import { isThere, readText } from './repository';

interface Service {
  image: string;
  build?: string;
  command?: string[];
  entrypoint?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { disable?: boolean; test?: unknown };
  volumes?: string[];
  stop_grace_period?: string;
}
interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, null>;
}

const text = readText('docker-compose.yml');
const readCompose = (): Compose => parse(text, { merge: true }) as Compose;
const services = Object.entries(readCompose().services);
const ours = services.filter(([, service]) => service.build !== undefined);

const matchesSpecification = new Ajv({ strict: false, allErrors: true }).compile(
  JSON.parse(readText('tests/drift/compose-spec.json')),
);
const mistakesIn = (compose: unknown): string[] => {
  matchesSpecification(compose);
  return (matchesSpecification.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

/** name, where it is planted, the key and its wrong value */
const PLANTED: [name: string, where: string[], key: string, value: unknown][] = [
  ['an unknown key of the file', [], 'servces', {}],
  ['an unknown key of a service', ['services', 'api'], 'enviroment', {}],
  ['ports that are no list', ['services', 'api'], 'ports', '8080:8080'],
  ['a command that is a number', ['services', 'pump'], 'command', 7],
  ['a condition that does not exist', ['services', 'worker', 'depends_on', 'setup'], 'condition', 'finished'],
  ['an unknown key of a health check', ['services', 'mongodb', 'healthcheck'], 'tests', ['CMD', 'true']],
  ['a volume that is a text', ['volumes'], 'mongodb', 'here'],
];

describe('docker-compose.yml', () => {
  test('keeps to the Compose specification', () => {
    expect(mistakesIn(readCompose())).toEqual([]);
  });

  test.each(PLANTED)('would be refused with %s', (_name, where, key, value) => {
    const compose = parseDocument(text, { merge: true });
    compose.setIn([...where, key], value);
    expect(mistakesIn(compose.toJS()).filter((mistake) => mistake.startsWith(['', ...where].join('/')))).not.toEqual(
      [],
    );
  });

  test.each(services)('pins the image of %s to a tag', (_name, { image }) => {
    expect(image).toMatch(/^[a-z0-9-]+(\/[a-z0-9-]+)*:[a-z0-9.-]+$/);
    expect(image).not.toMatch(/:latest$/);
  });

  test('runs one release of the Temporal server and its tools, 1.32 or newer', () => {
    const images = services
      .map(([, { image }]) => image)
      .filter((image) => /temporalio\/(server|admin-tools):/.test(image));
    const releases = [...new Set(images.map((image) => image.split(':')[1]))];
    expect(releases).toHaveLength(1);
    const [major = 0, minor = 0] = (releases[0] ?? '').split('.').map(Number);
    expect(major * 1000 + minor).toBeGreaterThanOrEqual(1032);
  });

  test.each(ours)('starts in %s a program that has a source', (_name, { command = [] }) => {
    expect(command[0]).toBe('node');
    expect(command[1]).toMatch(/^dist\/.+\.js$/);
    const source = (command[1] ?? '').replace(/^dist\/(.+)\.js$/, '$1.ts');
    expect({ source, isThere: isThere(source) }).toEqual({ source, isThere: true });
  });

  test('gives our processes only settings that exist', () => {
    const given = ours.flatMap(([, { environment = {} }]) => Object.keys(environment));
    const asked = [...text.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name ?? '');
    expect([...given, ...asked].filter((name) => !(name in SETTINGS))).toEqual([]);
  });

  test.each(['API_KEY_PEPPER', 'SECRET_KEYS'])('asks for %s and has no default for it', (name) => {
    for (const [, { environment }] of ours) expect(environment?.[name]).toMatch(new RegExp(`^\\$\\{${name}:\\?.+\\}$`));
  });

  test('waits only for services it has, and for health only where it is checked', () => {
    const all = readCompose().services;
    const waits = services.flatMap(([, { depends_on = {} }]) => Object.entries(depends_on));
    expect(waits.filter(([name]) => !all[name])).toEqual([]);
    const unchecked = waits.filter(
      ([name, { condition }]) => condition === 'service_healthy' && !all[name]?.healthcheck?.test,
    );
    expect(unchecked).toEqual([]);
  });

  test('mounts and runs only files of the repository', () => {
    const mounted = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
    const run = services.flatMap(([, { entrypoint = [] }]) => entrypoint.filter((part) => part.startsWith('/deploy/')));
    const paths = [...mounted.filter((path) => path.startsWith('.')), ...run.map((path) => `.${path}`)];
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((path) => !isThere(path))).toEqual([]);
  });

  test('leaves a worker more than the 25 seconds in which it ends its requests', () => {
    expect(readCompose().services.worker?.stop_grace_period).toBe('30s');
  });
});
