import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';

/** What a running entry answers about itself. */
export interface EntryState {
  step: number;
  /** What it waits for, for people: `Wait 2 days`, `Webhook: Send to CRM` */
  waitingFor: string;
}

/** Something happened that concerns the entry: look at the truth again. */
export const wake = defineSignal<[{ reason: 'record-deleted' }]>('wake');
/** Ends the entry; answers when it has ended. */
export const exit = defineUpdate<void>('exit');
export const state = defineQuery<EntryState>('state');
