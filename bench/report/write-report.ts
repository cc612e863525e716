import type { Killed } from '../load/kill-in-burst';
import type { Measured } from '../load/run-load';
import type { Results } from '../run-bench';
import { factLines } from './describe-run';
import { table } from './table';

const fixed = (value: number, digits = 0): string => (Number.isFinite(value) ? value.toFixed(digits) : '-');

/** The results as Markdown. */
export function writeReport({ facts, measured, killed, commands }: Results): string {
  return [
    '# Event in, webhook out: the last run',
    ...factLines(facts),
    '## Delivered and latency',
    table(
      [
        'load',
        'target',
        'delivered/s',
        'p50 ms',
        'p90 ms',
        'p99 ms',
        'accepted p50 ms',
        'not arrived within 60 s',
        'doubled',
        'load average',
      ],
      measured.map((one) => [
        one.load,
        one.target,
        fixed(one.perSecond, 1),
        fixed(one.p50),
        fixed(one.p90),
        fixed(one.p99),
        fixed(one.acceptedP50, 1),
        fixed(one.lost),
        fixed(one.doubled),
        fixed(one.loadAverage, 1),
      ]),
    ),
    '## Ratio ours / raw',
    table(['load', 'delivered/s', 'p50', 'own CPU above raw, ms an event'], ratios(measured)),
    '## CPU, ms an event, and memory',
    table(
      [
        'load',
        'target',
        'own process',
        'Temporal',
        'MongoDB',
        'receiver',
        'load process',
        'own MB',
        'Temporal MB',
        'MongoDB MB',
      ],
      measured.map((one) => [
        one.load,
        one.target,
        ...[one.cpu.own, one.cpu.temporal, one.cpu.mongodb, one.cpu.receiver, one.cpu.load].map((ms) => fixed(ms, 1)),
        ...[one.residentMb.own, one.residentMb.temporal, one.residentMb.mongodb].map((mb) => fixed(mb)),
      ]),
    ),
    '## MongoDB commands an event of ours (first closed loop)',
    table(
      ['command', 'an event'],
      Object.entries(commands).map(([name, count]) => [name, fixed(count, 2)]),
    ),
    '## kill -9 in the middle of a burst, restart at once',
    killed.length === 0 ? 'Left out.' : table(KILLED_HEAD, killed.map(killedRow)),
    '',
  ].join('\n\n');
}

function ratios(measured: readonly Measured[]): string[][] {
  return measured.flatMap((one) => {
    const raw = measured.find(({ target, load }) => target === 'raw' && load === one.load);
    if (one.target !== 'ours' || !raw) return [];
    return [
      [
        one.load,
        `${fixed((one.perSecond / raw.perSecond) * 100)} %`,
        fixed(one.p50 / raw.p50, 2),
        fixed(one.cpu.own - raw.cpu.own, 1),
      ],
    ];
  });
}

const KILLED_HEAD = [
  'target',
  'events',
  'arrived before',
  'not arrived within 120 s',
  'repeated with the same delivery id',
  'doubled',
  'all arrived after, s',
];
const killedRow = (one: Killed): string[] => [
  one.target,
  fixed(one.events),
  fixed(one.arrivedBeforeKill),
  fixed(one.lost),
  fixed(one.repeated),
  fixed(one.doubled),
  fixed(one.recoveredMs / 1000, 1),
];
