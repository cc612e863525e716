import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { MetGoal } from '../schemas/cause';
import type { DeliveryId } from '../schemas/ids';

/** What a running entry or delivery answers about itself. */
export interface EntryState {
  step: number;
  /** What it waits for, for people: `Wait 2 days`, `Webhook: Send to CRM` */
  waitingFor: string;
}

/** What a person wants of a delivery under way. */
export interface Wish {
  deliveryId: DeliveryId;
  wish: 'retry' | 'cancel';
  /** The newest attempt that the person saw: a second wish after the same attempt is the same wish */
  seen: string;
}

/** Something happened that concerns the entry: look at the truth again. */
export const wake = defineSignal<[{ reason: 'record-deleted' }]>('wake');
/** The entry was resumed: what was held back goes on. */
export const resume = defineSignal('resume');
/** An event of the record has met a goal of the map. */
export const goal = defineSignal<[MetGoal]>('goal');
/** Ends the entry; answers when it has ended. */
export const exit = defineUpdate<void>('exit');
export const state = defineQuery<EntryState>('state');
/**
 * A turn, so many milliseconds from now. `isOwn`: the one that was taken in the beginning, which has come near; else a new
 * one, since the webhook was resumed or has another limit.
 */
export const turn = defineSignal<[{ waitMs: number; isOwn?: boolean }]>('turn');
/** A bulk job was paused, resumed or cancelled: look at it again. */
export const wakeJob = defineSignal('wakeJob');
/** Retries at once, or cancels; a cancel answers when the delivery is over. */
export const steer = defineUpdate<void, [Wish]>('steer');
