import { Command, Option } from 'commander';
import { runMatch } from './match/run-match';
import { runBench } from './run-bench';
import { runProfile } from './run-profile';

/** What is asked for; defaults are those of docs/performance.md. */
export interface BenchOptions {
  events: number;
  rates: number[];
  seconds: number;
  rounds: number;
  maps: number;
  kill: boolean;
  write: boolean;
  inject: 'api' | 'store';
  only?: 'raw' | 'ours';
}

const numbers = (text: string): number[] => text.split(',').filter(Boolean).map(Number);

const program = new Command('bench')
  .description('event in, webhook out: Hookline beside the raw engine, in one run on servers of its own')
  .option('--events <n>', 'events of each closed loop', Number, 400)
  .option('--rates <list>', 'open loops, events a second', numbers, [5, 10, 20, 40])
  .option('--seconds <n>', 'duration of each open loop', Number, 15)
  .option('--rounds <n>', 'how often all is repeated; the middle of each figure counts', Number, 1)
  .option('--maps <n>', 'maps, with two webhooks each', Number, 50)
  .option('--no-kill', 'leave out kill -9')
  .option('--no-write', 'print only, leave bench/results as it is')
  .addOption(new Option('--inject <way>', 'how events come in').choices(['api', 'store']).default('api'))
  .addOption(new Option('--only <target>', 'measure one of the two').choices(['raw', 'ours']))
  .action((options: BenchOptions) => runBench(options));

program
  .command('profile')
  .description('where the time of our process goes: threads, packages, stations, commands an event')
  .option('--events <n>', 'events of each part', Number, 300)
  .addOption(new Option('--inject <way>', 'how events come in').choices(['api', 'store']).default('api'))
  .action((options: { events: number; inject: 'api' | 'store' }, command: Command) =>
    runProfile({ ...options, ...command.optsWithGlobals() }),
  );

program
  .command('match')
  .description('what it costs to find who listens to an event, with 10 to 10,000 who listen')
  .action((_options: object, command: Command) => runMatch(command.optsWithGlobals<{ write: boolean }>()));

program.parseAsync().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
