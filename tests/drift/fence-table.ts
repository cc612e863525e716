/** One folder's row: what its files may import, and the reason told to whoever tries something else. */
export interface Row {
  /** folders, or single files without their ending, whose values and types may be imported */
  values: readonly string[];
  /** folders of which only types may be imported */
  types: readonly string[];
  /** npm packages; `node:` stands for every built-in module but `node:child_process` */
  packages: readonly string[] | 'whatever no other folder owns';
  why: string;
}

/** The fence: the table of docs/architecture.md, folder by folder. `tests/`, `bench/` and test files are free. */
export const MAY_IMPORT: Readonly<Record<string, Row>> = {
  schemas: {
    values: [],
    types: [],
    packages: ['zod'],
    why: 'schemas/ is the vocabulary at the bottom: shapes that everyone can import',
  },
  domain: {
    values: ['schemas'],
    types: [],
    packages: ['temporal-polyfill', 'sift', 'fast-xml-parser'],
    why: 'domain/ holds pure rules: no clock, no randomness, no input or output',
  },
  lib: {
    values: ['schemas'],
    types: [],
    packages: ['node:', 'undici', 'nodemailer', 'pino', 'ulid', 'ipaddr.js', '@temporalio/common', '@temporalio/proto'],
    why: 'lib/ is the process around the work and knows nothing of automations',
  },
  store: {
    values: ['schemas', 'lib'],
    types: [],
    packages: ['node:', 'mongoose'],
    why: 'store/ only keeps and finds; rules live in domain/, effects in activities/',
  },
  workflows: {
    values: [],
    types: ['schemas', 'activities'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
    why: 'workflows/ is frozen by running histories: it asks by type and decides nothing',
  },
  activities: {
    values: ['schemas', 'domain', 'lib', 'store'],
    types: [],
    packages: ['node:', '@temporalio/activity', '@temporalio/common'],
    why: 'activities/ are what a workflow can cause; they know neither the API nor the processes',
  },
  workers: {
    values: ['schemas', 'domain', 'lib', 'store', 'activities'],
    types: ['workflows'],
    packages: [
      'node:',
      '@temporalio/worker',
      '@temporalio/client',
      '@temporalio/common',
      '@temporalio/proto',
      'protobufjs',
    ],
    why: 'workers/ are long-running processes; they name workflows, Temporal runs them',
  },
  api: {
    values: [
      'schemas',
      'domain',
      'lib',
      'store',
      'workers/temporal-client',
      'workers/live-state',
      'workers/open-engine',
    ],
    types: [],
    packages: ['node:', 'express', 'helmet', 'swagger-ui-dist', 'zod-openapi', 'zod', '@temporalio/proto'],
    why: 'api/ writes facts to the store; the pump carries them out. Its way to Temporal is workers/temporal-client and live-state',
  },
  embedded: {
    values: ['lib'],
    types: [],
    packages: [
      'node:',
      'node:child_process',
      'mongoose',
      'cli-progress',
      'mongodb-memory-server-core',
      '@temporalio/client',
      '@temporalio/common',
      '@temporalio/testing',
      '@temporalio/worker',
    ],
    why: 'embedded/ starts and stops servers and knows nothing of the product',
  },
  cli: {
    values: ['schemas', 'domain', 'lib', 'store', 'activities', 'workers', 'api', 'embedded'],
    types: ['workflows'],
    packages: ['node:', 'commander', 'cli-progress', 'cli-table3', '@temporalio/client', '@temporalio/proto'],
    why: 'cli/ is a door: it opens what the other folders offer, and workflows run only inside Temporal',
  },
  console: {
    values: ['schemas', 'domain'],
    types: [],
    packages: 'whatever no other folder owns',
    why: 'console/ is a browser program and speaks to the product only over HTTP',
  },
};

/** Packages that single files may import beyond their folder's row. */
export const FILE_MAY_IMPORT: Readonly<Record<string, readonly string[]>> = { 'lib/config.ts': ['zod'] };

const CLOCK = ['lib', 'workflows', 'embedded', 'cli', 'console'];

/** Folders or files that may use what makes a run differ from the last one; everyone else gets it as a parameter. */
export const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  'process.env': ['lib/config.ts'],
  'Date.now': CLOCK,
  'new Date()': CLOCK,
  'Temporal.Now': CLOCK,
  'Math.random': CLOCK,
  'crypto.randomUUID': ['lib', 'embedded', 'cli', 'console'],
  'crypto.randomBytes': ['lib', 'embedded', 'cli', 'console'],
  fetch: ['lib', 'embedded', 'cli', 'console'],
};

/** Where the thing in the same row of `MAY_USE` should come from instead. */
export const INSTEAD: Readonly<Record<string, string>> = {
  'process.env': 'settings are read once, by lib/config.ts: take them as a parameter',
  'Date.now': 'take the time as a parameter; the clock is in lib/',
  'new Date()': 'take the time as a parameter; the clock is in lib/',
  'Temporal.Now': 'take the time as a parameter; the clock is in lib/',
  'Math.random': 'take the roll as a parameter; randomness is in lib/',
  'crypto.randomUUID': 'ids are made in lib/',
  'crypto.randomBytes': 'randomness is in lib/',
  fetch: 'outgoing requests go through lib/outbound/http-client.ts, which guards addresses',
};

/** Folders whose code may import and use anything. */
export const FREE = ['tests', 'bench'] as const;

/** The only files that may consist of re-exports: their names are contracts with running histories. */
export const BARRELS = ['workflows/index.ts', 'activities/index.ts'] as const;

/** Most lines a source file may have. */
export const LINES_MAX = 200;
