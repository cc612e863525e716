import { Command } from 'commander';
import { runDead } from '../dead/run-dead';
import { runLimits } from './run-limits';

/** What is asked for; defaults are those of docs/rate.md. */
export interface LimitsOptions {
  webhooks: number;
  sum: number;
  seconds: number;
  fillRate: number;
  drain: number;
  faults: boolean;
  write: boolean;
}

/** What is asked for with `dead`. */
export interface DeadOptions {
  webhooks: number;
  limit: number;
  timeLimit: number;
  queued: number;
  rate: number;
  seconds: number;
  pairs: number;
  fillRate: number;
  healthy: boolean;
  whileQueueing: boolean;
  write: boolean;
}

const program = new Command('bench:limits')
  .enablePositionalOptions()
  .description('many webhooks at their limits, judged by what arrives, while processes and servers are killed')
  .option('--webhooks <n>', 'webhooks, each with a backlog', Number, 500)
  .option('--sum <n>', 'requests a minute of all limits together', Number, 720)
  .option('--seconds <n>', 'duration of the run', Number, 300)
  .option('--fill-rate <n>', 'deliveries a second that are put in place before', Number, 25)
  .option('--drain <n>', 'most seconds after the run in which what is left is sent on', Number, 30)
  .option('--no-faults', 'kill, freeze and edit nothing')
  .option('--no-write', 'print only, leave bench/results as it is')
  .action((options: LimitsOptions) => runLimits(options));

program
  .command('dead')
  .description('what webhooks whose receiver never answers do to the latency of 100 others')
  .option('--webhooks <n>', 'dead webhooks', Number, 1)
  .option('--limit <n>', 'requests a minute of each dead one', Number, 180)
  .option('--time-limit <n>', 'seconds that a request to a dead one may take', Number, 10)
  .option('--queued <n>', 'deliveries queued for the dead ones together', Number, 5000)
  .option('--rate <n>', 'events a second for the others together', Number, 8)
  .option('--seconds <n>', 'duration of each phase', Number, 300)
  .option('--pairs <n>', 'how often a phase without and a phase with dead ones follow each other', Number, 2)
  .option('--fill-rate <n>', 'deliveries a second that are queued before a phase', Number, 40)
  .option('--healthy', 'the receiver of the queue answers: what the same queue costs when nothing is dead', false)
  .option('--while-queueing', 'measure while the queue is put in place instead of when it leaves', false)
  .option('--no-write', 'print only, leave bench/results as it is')
  .action((options: DeadOptions) => runDead(options));

program.parseAsync().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
