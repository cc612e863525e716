#!/usr/bin/env node
import { Command } from 'commander';
import { runProcess } from '../lib/lifecycle';

const program = new Command('hookline').description('Automation maps and webhooks that never lose a contact');
/** The libraries of a command are loaded when it runs, so that the others start at once. */
const run = (work: () => Promise<void>) => () => runProcess(work);

program
  .command('start')
  .description('everything in one process, with servers of its own where none are set')
  .action(run(async () => (await import('./start.js')).start()));
program
  .command('setup')
  .description('prepare MongoDB and Temporal, and make the first account; may run again')
  .action(run(async () => (await import('./set-up-command.js')).setUpCommand()));
const secrets = program.command('secrets').description('keys that seal stored secrets');
secrets
  .command('rotate')
  .description('seal every stored secret with the first key of SECRET_KEYS; may run again')
  .action(run(async () => (await import('./secrets-command.js')).rotateSecretsCommand()));
program
  .command('demo')
  .description('send a record through the prebuilt map and show the row of the webhook log')
  .action(run(async () => (await import('./demo.js')).demo()));
program
  .command('log')
  .description('the webhook log')
  .command('rebuild')
  .description("make the webhook log again from Temporal's histories; may run at any time, and again")
  .option('--since <instant>', 'leave out deliveries created before, ISO 8601')
  .option('--dry-run', 'count what would be written, and write nothing')
  .action((options: { since?: string; dryRun?: boolean }) =>
    run(async () => (await import('./log-rebuild.js')).rebuildLogCommand(options))(),
  );

program.parse();
