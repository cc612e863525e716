import { cpuMs } from '../measure/process-use';

/** CPU of processes by name, ms, across their restarts. */
export interface CpuMeter {
  /** Notes what the process has used; to be called right before it is killed */
  leave(name: string): void;
  /** Goes on with the process that took its place */
  follow(name: string, pid: number): void;
  read(): Record<string, number>;
}

/** @param pids the processes at the beginning, by name */
export function openCpuMeter(pids: Record<string, number>): CpuMeter {
  const followed = new Map(Object.entries(pids).map(([name, pid]) => [name, { pid, leftMs: 0 }]));
  return {
    leave(name) {
      const at = followed.get(name);
      if (at) followed.set(name, { pid: 0, leftMs: at.leftMs + cpuMs(at.pid) });
    },
    follow(name, pid) {
      followed.set(name, { pid, leftMs: followed.get(name)?.leftMs ?? 0 });
    },
    read: () =>
      Object.fromEntries([...followed].map(([name, { pid, leftMs }]) => [name, leftMs + (pid === 0 ? 0 : cpuMs(pid))])),
  };
}
