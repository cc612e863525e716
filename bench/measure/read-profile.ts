import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number }; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
  startTime: number;
}

/** Own time of the JavaScript of a process, ms, idle left out: by package or folder, and by function. */
export interface ProfileTimes {
  byPackage: [string, number][];
  byFunction: [string, number][];
}

/** Now, on the clock of CPU profiles: microseconds, the same for all processes of a machine. */
export const profileClockUs = (): number => Number(process.hrtime.bigint() / 1000n);

/**
 * Reads the profiles that `--cpu-prof` left in a folder, one a thread.
 *
 * @param window only samples between these two instants count
 */
export function readProfiles(folder: string, window: { fromUs: number; toUs: number }): ProfileTimes {
  const packages = new Map<string, number>();
  const functions = new Map<string, number>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))) {
    const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
    const frames = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
    let atUs = profile.startTime;
    for (const [index, id] of profile.samples.entries()) {
      const us = profile.timeDeltas[index] ?? 0;
      atUs += us;
      const frame = frames.get(id);
      if (!frame || atUs < window.fromUs || atUs > window.toUs) continue;
      if (frame.functionName === '(idle)') continue;
      add(packages, packageOf(frame), us / 1000);
      const place = frame.url === '' ? '' : ` ${shorten(frame.url)}:${frame.lineNumber + 1}`;
      add(functions, `${frame.functionName || '(anonymous)'}${place}`, us / 1000);
    }
  }
  return { byPackage: sorted(packages), byFunction: sorted(functions) };
}

function packageOf({ functionName, url }: { functionName: string; url: string }): string {
  if (url === '') return functionName === '(garbage collector)' ? 'garbage collector' : 'native code and (program)';
  if (url.startsWith('node:')) return 'node';
  const packages = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url);
  if (packages) return packages[1] ?? '';
  if (url.includes('workflow-bundle') || url.includes('webpack')) return 'workflow bundle';
  return `ours: ${/dist\/([^/]+)\//.exec(url)?.[1] ?? 'other'}`;
}

const shorten = (url: string): string => url.replace(/^.*node_modules\//, '').replace(/^.*\/dist\//, '');
const add = (map: Map<string, number>, key: string, ms: number): void => void map.set(key, (map.get(key) ?? 0) + ms);
const sorted = (map: Map<string, number>): [string, number][] => [...map].sort(([, a], [, b]) => b - a);
