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
    const thread = /\.0\.\d+\.cpuprofile$/.test(file) ? 'main' : 'workflows';
    const frames = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
    const owners = findOwners(profile);
    let atUs = profile.startTime;
    for (const [index, id] of profile.samples.entries()) {
      const us = profile.timeDeltas[index] ?? 0;
      atUs += us;
      const frame = frames.get(id);
      if (!frame || atUs < window.fromUs || atUs > window.toUs || frame.functionName === '(idle)') continue;
      const owner = owners.get(id) ?? '';
      add(packages, `${thread}: ${owner}`, us / 1000);
      const place = frame.url === '' ? `in ${owner}` : `${shorten(frame.url)}:${frame.lineNumber + 1}`;
      add(functions, `${thread}: ${frame.functionName || '(anonymous)'} ${place}`, us / 1000);
    }
  }
  return { byPackage: sorted(packages), byFunction: sorted(functions) };
}

/** Whom the time of each node belongs to: its package or folder, or for Node's and native code that of who called it. */
function findOwners({ nodes }: CpuProfile): Map<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const owners = new Map<number, string>();
  const visit = (id: number, inherited: string): void => {
    const node = byId.get(id);
    if (!node) return;
    const owner = packageOf(node.callFrame) ?? inherited;
    owners.set(id, owner);
    for (const child of node.children ?? []) visit(child, owner);
  };
  const [root] = nodes;
  if (root) visit(root.id, 'node itself');
  return owners;
}

function packageOf({ functionName, url }: { functionName: string; url: string }): string | undefined {
  if (functionName === '(garbage collector)') return 'garbage collector';
  if (url.includes('async_hooks')) return 'hooks of AsyncLocalStorage';
  if (url === '' || url.startsWith('node:')) return undefined;
  const packages = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url);
  if (packages) return packages[1];
  if (url.includes('workflow-bundle') || url.includes('evalmachine') || url.includes('webpack'))
    return 'workflow bundle';
  return `ours: ${/dist\/([^/]+)\//.exec(url)?.[1] ?? 'other'}`;
}

const shorten = (url: string): string => url.replace(/^.*node_modules\//, '').replace(/^.*\/dist\//, '');
const add = (map: Map<string, number>, key: string, ms: number): void => void map.set(key, (map.get(key) ?? 0) + ms);
const sorted = (map: Map<string, number>): [string, number][] => [...map].sort(([, a], [, b]) => b - a);
