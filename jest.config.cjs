const transform = {
  '^.+\\.(ts|mjs|js)$': [
    '@swc/jest',
    {
      swcrc: false,
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022', keepClassNames: true },
      module: { type: 'commonjs' },
      sourceMaps: 'inline',
    },
  ],
};

const shared = {
  testEnvironment: 'node',
  rootDir: __dirname,
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  transform,
  // These packages ship ES modules only; jest's loader needs them transformed.
  transformIgnorePatterns: ['/node_modules/(?!(@seriousme|temporal-polyfill|temporal-utils|temporal-spec)/)'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/console/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

/** Folders whose tests touch nothing but files; everything else runs on real servers. */
const QUICK = ['schemas', 'domain', 'lib', 'tests/drift', 'tests/replay', 'bench'];
const SERVERS = [
  'store',
  'activities',
  'workflows',
  'workers',
  'api',
  'embedded',
  'cli',
  'tests/path',
  'tests/browser',
];
const testsIn = (folders) => folders.map((folder) => `<rootDir>/${folder}/**/*.test.ts`);

module.exports = {
  maxWorkers: 2,
  projects: [
    { ...shared, displayName: 'quick', testMatch: testsIn(QUICK) },
    {
      ...shared,
      displayName: 'servers',
      testMatch: testsIn(SERVERS),
      globalSetup: '<rootDir>/tests/servers/global-setup.ts',
      globalTeardown: '<rootDir>/tests/servers/global-teardown.ts',
      setupFilesAfterEnv: ['<rootDir>/tests/servers/each-file.ts'],
    },
  ],
};
