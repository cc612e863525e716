import type { RecordId } from '../schemas/ids';

/** One event of the work: which record it is about, and which of the maps it starts. */
export interface Job {
  /** Comes back in the webhook's body: the record's id */
  key: RecordId;
  /** 0..maps-1 */
  map: number;
  /** Which of the two webhooks of the map it reaches */
  branch: 'a' | 'b';
  /** Makes a repeat safe: its key, and the time stamp that stays; costs a little, so only where the process is killed */
  repeat?: { key: string; at: number };
}

/** A system under test: takes events, and makes a webhook arrive for each. */
export interface Target {
  name: 'raw' | 'ours';
  /** Of the process that does the work, now */
  pid(): number;
  start(options?: { isProfiled?: boolean; stations?: string }): Promise<void>;
  /** Hands an event over; resolves when it is accepted durably. Repeating it is safe. @throws when it was not taken */
  post(job: Job): Promise<void>;
  /** SIGKILL; resolves when the process is gone */
  kill(): Promise<void>;
  /** Ends it in order */
  stop(): Promise<void>;
  /** Called once, after everything */
  close(): Promise<void>;
}
