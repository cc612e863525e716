import { likelyRatios, percentile } from '../measure/percentile';
import { factLines, type RunFacts } from '../report/describe-run';
import { table } from '../report/table';
import { type PartName, type Phase, partOf, type Timed } from './measure-phase';
import type { DeadState } from './queue-dead';

/** Events this close together are slow together: a checkpoint, a neighbour on the same processor */
const BLOCK_SECONDS = 30;

const fixed = (value: number, digits = 0): string => (Number.isFinite(value) ? value.toFixed(digits) : '-');
const sortedMs = (timed: readonly Timed[]): number[] => timed.map(({ ms }) => ms).sort((a, b) => a - b);

/** A run of `bench:limits dead` as Markdown. */
export function writeDeadReport(run: {
  facts: RunFacts;
  phases: readonly Phase[];
  states: readonly DeadState[];
  webhooks: number;
}): string {
  const { facts, phases, states, webhooks } = run;
  return [
    `# ${webhooks === 1 ? 'One dead webhook' : `${webhooks} dead webhooks`} beside 100 others: the last run`,
    ...factLines(facts),
    '## Latency of the others, event time to arrival',
    `Promise: p99 with them within 10 % of that without. The last column takes blocks of ${BLOCK_SECONDS} s by lot, a thousand times: so far a difference may be chance, since events are slow together. What the machine drifts from phase to phase comes on top.`,
    table(
      ['', 'events of each kind', 'without, ms', 'with, ms', 'difference', '95 of 100 times between'],
      [...comparePhases(phases), ...comparePhases(phases, 'first minute'), ...comparePhases(phases, 'after it')],
    ),
    '## Phase by phase',
    'How far two phases of the same kind lie apart says how much a difference is worth.',
    table(
      ['phase', 'events', 'not arrived within 60 s', 'p50 ms', 'p90 ms', 'p99 ms', 'load average'],
      phases.map(({ kind, events, missing, timed, loadAverage }) => {
        const shares = [0.5, 0.9, 0.99].map((share) => fixed(percentile(sortedMs(timed), share)));
        return [kind, fixed(events), fixed(missing), ...shares, fixed(loadAverage, 1)];
      }),
    ),
    '## What the parts of each phase used',
    table(
      ['phase', 'part', 'own CPU, ms a second', 'Temporal', 'MongoDB', 'MongoDB commands a second'],
      phases.flatMap(({ kind, parts }) =>
        parts.map(({ name, ...used }) => [
          kind,
          name,
          fixed(used.own),
          fixed(used.temporal),
          fixed(used.mongodb),
          fixed(used.commands),
        ]),
      ),
    ),
    '## The dead at the end of their phases',
    table(
      ['attempts sent', 'breaker opened, times in a row', 'deliveries by status'],
      states.map(({ attempts, breakerOpenings, byStatus }) => [
        fixed(attempts),
        fixed(breakerOpenings),
        Object.entries(byStatus)
          .map(([status, count]) => `${status} ${count}`)
          .join(', '),
      ]),
    ),
    '',
  ].join('\n\n');
}

const difference = (ratio: number): string => `${ratio >= 1 ? '+' : ''}${fixed((ratio - 1) * 100, 1)} %`;

/** Rows of all phases of a kind as one beside those of the other, or of the same part of them; none where nothing was posted. */
function comparePhases(phases: readonly Phase[], part?: PartName): string[][] {
  const blocksOf = (kind: Phase['kind']): number[][] =>
    phases
      .filter((phase) => phase.kind === kind)
      .flatMap(({ timed }) => blocks(timed.filter((event) => part === undefined || partOf(event) === part)));
  const [without, beside] = [blocksOf('without'), blocksOf('with')];
  const [sortedWithout, sortedBeside] = [without, beside].map((of) => of.flat().sort((a, b) => a - b)) as [
    number[],
    number[],
  ];
  if (sortedWithout.length === 0) return [];
  return [0.5, 0.9, 0.99].map((share) => {
    const [a, b] = [percentile(sortedWithout, share), percentile(sortedBeside, share)];
    const [least, most] = likelyRatios(without, beside, share);
    return [
      `p${share * 100}${part ? `, ${part}` : ''}`,
      fixed(sortedWithout.length),
      fixed(a),
      fixed(b),
      difference(b / a),
      `${difference(least)} to ${difference(most)}`,
    ];
  });
}

/** The latencies of neighbours in time together. */
function blocks(timed: readonly Timed[]): number[][] {
  const byBlock = new Map<number, number[]>();
  for (const { atSeconds, ms } of timed) {
    const block = Math.floor(atSeconds / BLOCK_SECONDS);
    byBlock.set(block, [...(byBlock.get(block) ?? []), ms]);
  }
  return [...byBlock.values()];
}
