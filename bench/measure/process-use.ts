import { readdirSync, readFileSync } from 'node:fs';

const TICK_MS = 10;

/** CPU of a process so far, ms of user and system time, all threads; 0 for one that is gone. */
export function cpuMs(pid: number): number {
  return cpuOfStat(`/proc/${pid}/stat`);
}

/** CPU by kind of thread, ms: the name without its number. */
export function threadCpuMs(pid: number): Map<string, number> {
  const byName = new Map<string, number>();
  for (const tid of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${tid}`;
    const name =
      Number(tid) === pid
        ? 'main'
        : readOrEmpty(`${folder}/comm`)
            .trim()
            .replace(/[-_ ]?\d+$/, '');
    byName.set(name, (byName.get(name) ?? 0) + cpuOfStat(`${folder}/stat`));
  }
  return byName;
}

/** Resident memory, MB. */
export const residentMb = (pid: number): number => statusMb(pid, 'VmRSS');

/** Most resident memory so far, MB. */
export const peakResidentMb = (pid: number): number => statusMb(pid, 'VmHWM');

function statusMb(pid: number, name: string): number {
  const line = new RegExp(`${name}:\\s+(\\d+)`).exec(readOrEmpty(`/proc/${pid}/status`));
  return Math.round(Number(line?.[1] ?? 0) / 1024);
}

/** Load average of the last minute. */
export const loadAverage = (): number => Number(readOrEmpty('/proc/loadavg').split(' ')[0]);

/** Fields 14 and 15 behind the name in brackets, which may hold spaces. Clock ticks are 10 ms on Linux. */
function cpuOfStat(path: string): number {
  const text = readOrEmpty(path);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return text === '' ? 0 : (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
