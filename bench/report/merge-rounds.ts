import type { Measured } from '../load/run-load';
import { median } from '../measure/percentile';

/** The same load of several rounds as one line: the middle of each figure; what was lost or doubled is added up. */
export function mergeRounds(measured: readonly Measured[]): Measured[] {
  const groups = new Map<string, Measured[]>();
  for (const one of measured) {
    const key = `${one.target} ${one.load}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const middle = (of: (one: Measured) => number): number => median(group.map(of));
    const total = (of: (one: Measured) => number): number => group.reduce((sum, one) => sum + of(one), 0);
    return {
      ...first,
      lost: total((one) => one.lost),
      doubled: total((one) => one.doubled),
      perSecond: middle((one) => one.perSecond),
      p50: middle((one) => one.p50),
      p90: middle((one) => one.p90),
      p99: middle((one) => one.p99),
      acceptedP50: middle((one) => one.acceptedP50),
      cpu: {
        own: middle((one) => one.cpu.own),
        temporal: middle((one) => one.cpu.temporal),
        mongodb: middle((one) => one.cpu.mongodb),
        receiver: middle((one) => one.cpu.receiver),
        load: middle((one) => one.cpu.load),
      },
      loadAverage: middle((one) => one.loadAverage),
    };
  });
}
