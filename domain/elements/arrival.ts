import type { EndReason } from '../../schemas/entry';
import type { WebhookId } from '../../schemas/ids';
import type { RecordFacts } from '../../schemas/record';

/** What a branch waits for next; `advance` gives a send its delivery. Instants are Unix milliseconds. */
export type WalkStop =
  | { kind: 'wait'; untilMs: number }
  | { kind: 'send'; webhookId: WebhookId }
  | { kind: 'goal' }
  | { kind: 'end'; reason: EndReason };

/** What an element does with a record that comes to it: it lets it on by a port, changed or not, or stops it. */
export type Arrival = { port: string; detail: string; record: RecordFacts } | { stop: WalkStop };

/** How an element that was rested on is left: by a port, or out of the map. */
export type Leaving = { port: string; detail: string } | { port: null; detail: string; reason: EndReason };
