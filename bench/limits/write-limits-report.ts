import { factLines, type RunFacts } from '../report/describe-run';
import { table } from '../report/table';
import type { Judged } from './judge-run';

const percent = (share: number): string => (Number.isFinite(share) ? `${(share * 100).toFixed(1)} %` : '-');
const fixed = (value: number, digits = 0): string => (Number.isFinite(value) ? value.toFixed(digits) : '-');

/** A run of `bench:limits` as Markdown. */
export function writeLimitsReport({ facts, judged }: { facts: RunFacts; judged: Judged }): string {
  const { account, cpuPerSend } = judged;
  const wholeCpu = Object.values(cpuPerSend.whole).reduce((sum, ms) => sum + ms, 0);
  const quietCpu = Object.values(cpuPerSend.quiet).reduce((sum, ms) => sum + ms, 0);
  return [
    '# Webhooks at their limits: the last run',
    ...factLines(facts),
    `Measured for ${fixed(judged.seconds)} s by the arrivals at a receiver of its own, ${fixed(judged.perSecond, 1)} a second; load average at the end ${fixed(judged.loadAverage, 1)}.`,
    '## What was promised',
    table(
      ['promise', 'found'],
      [
        ['sliding 60 s above the limit: 0', fixed(judged.windowsAbove)],
        ['a second send of a delivery that was answered: 0', secondSends(judged)],
        ['lost deliveries: 0', fixed(account.lost.length)],
        [
          'deliveries put in place',
          `${account.started}: ${account.delivered} arrived and logged, ${account.arrivedOpen} arrived and about to be logged, ${account.waiting} waiting with a running workflow`,
        ],
        ['calls of the sending activity that were told to come back later', fixed(account.comebacks)],
        ['webhooks that ran out of backlog: 0', fixed(judged.ranOut.length)],
      ],
    ),
    '## How much of the limit was used',
    'Quiet: before the first fault. Unpaused: the whole run without the seconds in which a server was away. At a gap of 60.6 s / limit, 99.0 % is all there is.',
    table(
      [
        'limit a minute',
        'webhooks',
        'together',
        'arrivals',
        'quiet',
        'unpaused',
        'whole run',
        'least webhook, unpaused',
        'minutes above',
        'worst minute: over its limit by',
      ],
      judged.groups.map((group) => [
        group.name,
        fixed(group.webhooks),
        fixed(group.perMinute),
        fixed(group.arrived),
        percent(group.quiet),
        percent(group.unpaused),
        percent(group.whole),
        percent(group.least),
        fixed(group.windowsAbove),
        fixed(group.worst),
      ]),
    ),
    '![Share of the limit used over time](limits.svg)',
    '## Faults',
    judged.marks.length === 0
      ? 'None.'
      : table(
          ['fault', 'at, s', 'lasted, s', 'longest time without an arrival, s', 'used in the minute from it'],
          judged.marks.map((mark) => [
            mark.name,
            fixed(mark.atSeconds),
            fixed(mark.lastedSeconds, 1),
            fixed(mark.silenceSeconds, 1),
            percent(mark.usedInMinute),
          ]),
        ),
    '## Edited limits',
    'A raised limit is judged from the edit on, a lowered one from 5 s after it.',
    judged.edited.length === 0
      ? 'None.'
      : table(
          ['webhook', 'from', 'to', 'used before', 'used after, unpaused', 'minutes above', 'worst minute'],
          judged.edited.map((one) => [
            one.key,
            fixed(one.from),
            fixed(one.to),
            percent(one.before),
            percent(one.after),
            fixed(one.windowsAbove),
            fixed(one.worst),
          ]),
        ),
    '## CPU, ms a send',
    table(
      ['process', 'quiet', 'whole run'],
      [
        ...Object.entries(cpuPerSend.whole).map(([name, ms]) => [
          name,
          fixed(cpuPerSend.quiet[name] ?? 0, 1),
          fixed(ms, 1),
        ]),
        ['all', fixed(quietCpu, 1), fixed(wholeCpu, 1)],
      ],
    ),
    '',
  ].join('\n\n');
}

const secondSends = ({ secondSends: all, secondSendsAtKill: atKill }: Judged): string =>
  all === 0 ? '0' : `${all - atKill}; ${atKill} more whose first answer fell into the second of a kill`;
