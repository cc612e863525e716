import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { AppError } from './errors';
import { parseSecretKeys } from './secrets/parse-keys';

const port = z.coerce.number().int().min(0).max(65_535);
const cidrs = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  )
  .refine(
    (list) => list.every((cidr) => ipaddr.isValidCIDR(cidr)),
    'must be address ranges such as 127.0.0.0/8, separated by commas',
  );

const secretKeys = z.string().transform((text, context) => {
  const { keys, mistake } = parseSecretKeys(text);
  if (keys) return keys;
  context.addIssue(mistake);
  return z.NEVER;
});

interface Setting<T extends z.ZodType = z.ZodType> {
  schema: T;
  default?: string;
  describe: string;
}
const setting = <T extends z.ZodType>(schema: T, describe: string, fallback?: string): Setting<T> =>
  fallback === undefined ? { schema, describe } : { schema, describe, default: fallback };
const optional = z.string().trim().min(1).optional();

/** Every setting: name, shape, default, what it does. `.env.example` repeats this table and a test compares the two. */
export const SETTINGS = {
  HOST: setting(z.string().min(1), 'Address the API listens on', '127.0.0.1'),
  PORT: setting(port, 'Port of the API; npm start takes the next free one when it is in use', '8080'),
  PUBLIC_URL: setting(z.url().optional(), 'Address under which people reach the API, when it is not http://HOST:PORT'),
  TRUSTED_PROXIES: setting(
    z.coerce.number().int().min(0).max(10),
    'Reverse proxies in front of the API, one behind the other, that write X-Forwarded-For; posts of forms are counted by the client address',
    '0',
  ),
  MONGODB_URL: setting(
    optional,
    'MongoDB replica set to use, with the database name; npm start brings its own when unset',
  ),
  TEMPORAL_ADDRESS: setting(optional, 'Temporal server (1.32 or newer) to use; npm start brings its own when unset'),
  TEMPORAL_NAMESPACE: setting(z.string().min(1), 'Temporal namespace', 'default'),
  TEMPORAL_UI_URL: setting(z.url().optional(), "Address of Temporal's Web UI, for links"),
  TASK_QUEUE_PREFIX: setting(z.string().max(60), 'Put before the names of the task queues, to share a namespace', ''),
  API_KEY_PEPPER: setting(
    z.string().min(32).optional(),
    'Secret of at least 32 characters that keys the hashes of API keys; npm start makes and keeps one',
  ),
  SECRET_KEYS: setting(
    secretKeys.optional(),
    'Keys that seal stored secrets and Temporal payloads, id:base64-of-32-bytes separated by commas: the first seals, all open; npm start makes and keeps one',
  ),
  CODEC_TOKEN: setting(
    z
      .string()
      .regex(/^[A-Za-z0-9_-]{32,200}$/, 'must be 32 to 200 letters, digits, _ or -')
      .optional(),
    "Secret of at least 32 letters and digits by which Temporal's Web UI gets payloads decoded; without it nothing is; npm start makes and keeps one",
  ),
  LOG_LEVEL: setting(z.enum(['debug', 'info', 'warn', 'error', 'silent']), 'Least level of log lines', 'info'),
  WEBHOOK_ALLOWED_ADDRESSES: setting(
    cidrs,
    'Private address ranges that webhooks may reach, separated by commas, the same for API and workers; npm start adds loopback',
    '',
  ),
  SMTP_URL: setting(
    z
      .url({ protocol: /^smtps?$/, error: 'must be an address such as smtps://user:password@smtp.example.com' })
      .optional(),
    'SMTP server that e-mail goes to, smtp: or smtps: with user and password; without it e-mail is kept in the inbox of the account',
  ),
  MAIL_FROM: setting(
    z
      .string()
      .trim()
      .regex(
        /^(?:[^<>"\r\n]{1,100} <[^\s@<>,;]{1,64}@[^\s@<>,;]{1,189}>|[^\s@<>,;]{1,64}@[^\s@<>,;]{1,189})$/,
        'must be Name <name@example.com>, or an address',
      )
      .optional(),
    'Sender of e-mail, such as Hookline <no-reply@example.com>; needed with SMTP_URL',
  ),
  ONTRAPORT_REQUESTS_PER_MINUTE: setting(
    z.coerce.number().int().min(1).max(1_000_000),
    'Calls of the API under /1 that one key may make in a minute',
    '180',
  ),
  WEBHOOK_SLOTS: setting(
    z.coerce.number().int().min(1).max(5000),
    'Webhook requests one worker process sends at once',
    '1600',
  ),
  WORKFLOW_CACHE: setting(
    z.coerce.number().int().min(10).max(50_000),
    'Workflows one worker process keeps in memory',
    '1000',
  ),
  PUMP_STARTS: setting(z.coerce.number().int().min(1).max(1000), 'Events one pump process carries out at once', '32'),
  DATA_DIR: setting(z.string().min(1), 'Folder of the embedded servers and their secrets', '.data'),
  CACHE_DIR: setting(
    z
      .string()
      .min(1)
      .transform((path) => path.replace(/^~(?=\/|$)/, homedir())),
    'Folder where fetched server binaries are kept',
    '~/.cache/hookline',
  ),
  TEMPORAL_BIN: setting(optional, 'Temporal CLI (1.9.1 or newer) for npm start'),
  MONGOD_BIN: setting(optional, 'mongod (6.0 or newer) for npm start'),
  TEMPORAL_TEST_SERVER_BIN: setting(optional, 'Temporal test server that skips time, for the tests'),
  TEMPORAL_PORT: setting(port, 'Port of the embedded Temporal server', '7233'),
  TEMPORAL_UI_PORT: setting(port, "Port of the embedded Temporal server's Web UI", '8233'),
  MONGODB_PORT: setting(port, 'Port of the embedded MongoDB', '27017'),
} as const;

type Settings = typeof SETTINGS;
export type Config = Readonly<{ [K in keyof Settings]: z.output<Settings[K]['schema']> }>;

/**
 * Reads and checks all settings at once; the only reader of the environment and of `.env`, which it does not outrank.
 *
 * @param overrides values that win over the environment, for tests and for the embedded servers
 * @throws AppError `setting.invalid` listing every mistake
 */
export function loadConfig(overrides: Partial<Record<keyof Settings, string>> = {}): Config {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const values: Record<string, unknown> = {};
  const mistakes: string[] = [];
  for (const [name, { schema, default: fallback }] of Object.entries(SETTINGS) as [keyof Settings, Setting][]) {
    const given = overrides[name] ?? process.env[name];
    const parsed = schema.safeParse(given === '' || given === undefined ? fallback : given);
    if (parsed.success) values[name] = parsed.data;
    else mistakes.push(`${name}: ${parsed.error.issues.map((issue) => issue.message).join('; ')}`);
  }
  if (mistakes.length > 0) throw new AppError('setting.invalid', { detail: mistakes.join(' | ') });
  return Object.freeze(values) as Config;
}

/** The settings that must be there when no embedded servers are used. @throws AppError `setting.invalid` */
export function requireSettings<K extends keyof Config>(
  config: Config,
  ...names: K[]
): Config & { [P in K]-?: NonNullable<Config[P]> } {
  const missing = names.filter((name) => config[name] === undefined);
  if (missing.length > 0)
    throw new AppError('setting.invalid', { detail: missing.map((name) => `${name}: must be set`).join(' | ') });
  return config as never;
}
