import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { loadAverage } from '../measure/process-use';
import type { Servers } from '../open-servers';

/** Under what the figures were made. */
export interface RunFacts {
  at: string;
  command: string;
  cores: number;
  versions: Record<string, string>;
  settings: Record<string, string>;
  durability: string;
  loadAverageBefore: number;
}

const ROOT = join(__dirname, '..', '..', '..');
const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;

/** Versions, settings, load average and durability class of a run. */
export async function describeRun(
  servers: Servers,
  of: { command: 'bench' | 'bench:limits'; settings: Record<string, string> },
): Promise<RunFacts> {
  const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return {
    at: new Date().toISOString().slice(0, 16).replace('T', ' '),
    command: `npm run ${of.command} -- ${process.argv.slice(2).join(' ')}`.trim().replace(/ --$/, ''),
    cores: cpus().length,
    versions: {
      Hookline: own.version,
      Node: process.versions.node,
      'Temporal server': servers.versions.temporal,
      'Temporal SDK': versionOf('@temporalio/worker'),
      MongoDB: servers.versions.mongodb,
    },
    settings: {
      ...of.settings,
      Temporal: 'one process, SQLite, journal WAL, synchronous NORMAL, server settings of docs/rate.md',
      MongoDB: 'replica set of one, cache 1 GB, writes wait for the majority and its journal',
    },
    durability:
      'accepted = committed with journal in MongoDB (ours) or started in Temporal (raw); survives kill -9 of any process; ' +
      'a power cut may take the last writes of Temporal (synchronous NORMAL)',
    loadAverageBefore: loadAverage(),
  };
}

/** The same as the head of a report. */
export const factLines = (facts: RunFacts): string[] => {
  const list = (values: Record<string, string>, sign: string) =>
    Object.entries(values).map(([name, value]) => `${name}${sign} ${value}`);
  return [
    `\`${facts.command}\`, ${facts.at} UTC, ${facts.cores} virtual CPUs, load average before ${facts.loadAverageBefore}.`,
    `Versions: ${list(facts.versions, '').join(', ')}.`,
    `Settings: ${list(facts.settings, ':').join('; ')}.`,
    `Durability: ${facts.durability}.`,
  ];
};
