import type { Judged } from './judge-run';

/**
 * What of the promises a run has broken, one clause each; how much of the limits was used depends on the machine and is none
 * of them. Source: docs/rate.md.
 */
export function findBroken(
  judged: Pick<Judged, 'windowsAbove' | 'secondSends' | 'secondSendsAtKill'> & {
    account: Pick<Judged['account'], 'lost'>;
  },
): string[] {
  const found: [count: number, clause: string][] = [
    [judged.windowsAbove, 'sliding minutes above the limit'],
    [judged.account.lost.length, 'lost deliveries'],
    [judged.secondSends - judged.secondSendsAtKill, 'second sends of deliveries that were answered'],
  ];
  return found.filter(([count]) => count > 0).map(([count, clause]) => `${clause}: ${count}`);
}
