import { likelyRatios, percentile } from '../measure/percentile';
import { factLines, type RunFacts } from '../report/describe-run';
import { table } from '../report/table';
import type { Phase } from './measure-phase';
import type { DeadState } from './queue-dead';

const fixed = (value: number, digits = 0): string => (Number.isFinite(value) ? value.toFixed(digits) : '-');

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
    'Promise: p99 with them within 10 % of that without. The last column takes the same events by lot, a thousand times: so far a difference may be chance, were each event slow for itself. They are slow together, so chance reaches further.',
    pooled(phases),
    '## Phase by phase',
    'How far two phases of the same kind lie apart says how much a difference is worth.',
    table(
      [
        'phase',
        'events',
        'not arrived within 60 s',
        'p50 ms',
        'p90 ms',
        'p99 ms',
        'own CPU, ms a second',
        'Temporal',
        'MongoDB',
        'MongoDB commands a second',
        'load average',
      ],
      phases.map((phase) => [
        phase.kind,
        fixed(phase.events),
        fixed(phase.missing),
        fixed(phase.p50),
        fixed(phase.p90),
        fixed(phase.p99),
        fixed(phase.cpu.own),
        fixed(phase.cpu.temporal),
        fixed(phase.cpu.mongodb),
        fixed(
          Object.entries(phase.commands).reduce((sum, [name, count]) => sum + (name.startsWith('(') ? 0 : count), 0),
        ),
        fixed(phase.loadAverage, 1),
      ]),
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

/** All phases of a kind as one, and their ratio. */
function pooled(phases: readonly Phase[]): string {
  const of = (kind: Phase['kind']): number[] =>
    phases
      .filter((phase) => phase.kind === kind)
      .flatMap(({ latencies }) => latencies)
      .sort((a, b) => a - b);
  const [without, beside] = [of('without'), of('with')];
  const row = (name: string, share: number): string[] => {
    const [a, b] = [percentile(without, share), percentile(beside, share)];
    const [least, most] = likelyRatios(without, beside, share);
    return [name, fixed(a), fixed(b), difference(b / a), `${difference(least)} to ${difference(most)}`];
  };
  return table(
    ['', 'without, ms', 'with, ms', 'difference', '95 of 100 times between'],
    [row('p50', 0.5), row('p90', 0.9), row('p99', 0.99)],
  );
}
