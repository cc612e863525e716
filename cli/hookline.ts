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

program.parse();
