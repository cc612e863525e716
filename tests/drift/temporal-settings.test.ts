import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { RETENTION_DAYS, TEMPORAL_DYNAMIC_CONFIG, TEMPORAL_SERVER_AT_LEAST } from '../../embedded/temporal-settings';
import { readText } from './repository';

type Constrained = { value: unknown; constraints?: Record<string, string> }[];

const deployed = parse(readText('deploy/temporal-dynamic-config.yaml')) as Record<string, Constrained>;

describe('the deployed Temporal server', () => {
  test('has every setting of the embedded one, with the same value, and no other', () => {
    const values = Object.entries(deployed).map(([key, all]) => [key, all.map(({ value }) => value)]);
    const expected = Object.entries(TEMPORAL_DYNAMIC_CONFIG).map(([key, value]) => [key, [value]]);
    expect(Object.fromEntries(values)).toEqual(Object.fromEntries(expected));
  });

  // The server takes a constraint only where a setting knows it, and ignores the value otherwise.
  test('constrains nothing but task queue settings, and those to one queue', () => {
    const constrained = Object.entries(deployed).filter(([, all]) => all.some(({ constraints }) => constraints));
    expect(constrained.length).toBeGreaterThan(0);
    expect(constrained.filter(([key]) => !key.startsWith('matching.'))).toEqual([]);
    const queues = constrained.flatMap(([, all]) => all.map(({ constraints }) => constraints));
    expect(queues.filter((constraints) => constraints?.taskQueueName !== 'webhooks')).toEqual([]);
  });

  test('keeps finished workflows as long as the embedded one', () => {
    expect(readText('deploy/temporal-namespace.sh')).toContain(`--retention ${RETENTION_DAYS * 24}h`);
  });

  test('is not older than what the embedded one must be', () => {
    const release = /temporalio\/server:(\S+)/.exec(readText('docker-compose.yml'))?.[1] ?? '';
    expect(release.localeCompare(TEMPORAL_SERVER_AT_LEAST, 'en', { numeric: true })).toBeGreaterThanOrEqual(0);
  });
});
