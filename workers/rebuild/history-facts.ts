import { ApplicationFailure, type LoadedDataConverter, TimeoutFailure } from '@temporalio/common';
import {
  decodeArrayFromPayloads,
  decodeOptionalFailureToOptionalError,
} from '@temporalio/common/lib/internal-non-workflow';
import type { temporal } from '@temporalio/proto';
import type { Advanced } from '../../activities/advance';
import type { Outlook } from '../../activities/look-ahead';
import type { SmsErrand } from '../../activities/order-sms';
import type { RecordDeliveryInput } from '../../activities/record-delivery';
import type { Sent } from '../../activities/send-message';
import type { SendFailure, SendInput, SendResult } from '../../activities/send-webhook';
import type { Attempt } from '../../schemas/delivery';

type Failure = temporal.api.failure.v1.IFailure;
type Payloads = temporal.api.common.v1.IPayloads | null | undefined;
type Timestamp = { seconds?: unknown; nanos?: number | null } | null | undefined;
export type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** What a failed attempt of the sending activity left behind. */
export interface Failed {
  /** All attempts that it knew of; null when it left none */
  journal: Attempt[] | null;
  isFinal: boolean;
}

/** What happened in a run, as far as deliveries are concerned; in the order of its history. */
export type HistoryFact = { at: Date } & (
  | { kind: 'started'; input: unknown }
  /** `askedAt` is the clock that the workflow passed on */
  | { kind: 'advanced'; advanced: Advanced; askedAt: Date }
  /** The delivery under way looked whether its webhook lets anything through */
  | { kind: 'looked'; outlook: Outlook }
  /** An SMS was handed to the delivery engine */
  | { kind: 'ordered'; errand: SmsErrand }
  | { kind: 'called'; input: SendInput }
  | { kind: 'answered'; input: SendInput; attempt: number; result: SendResult }
  | { kind: 'failed'; input: SendInput; attempt: number; failed: Failed }
  /** `logged`: all attempts that the log had then; unset while it was not done */
  | { kind: 'recorded'; input: RecordDeliveryInput; logged?: Attempt[] }
  | { kind: 'closed' }
);

export const toDate = (at: Timestamp): Date =>
  new Date(Number(at?.seconds ?? 0) * 1000 + Math.floor((at?.nanos ?? 0) / 1e6));

/** The first of some payloads, decoded as the client would; undefined when there is none. */
export const decodeFirst = async <T>(converter: LoadedDataConverter, payloads: Payloads): Promise<T | undefined> =>
  (await decodeArrayFromPayloads(converter, payloads?.payloads ?? []))[0] as T | undefined;

/** What is known of a failed or timed out attempt of the sending activity. */
export async function decodeFailed(
  converter: LoadedDataConverter,
  failure: Failure | null | undefined,
): Promise<Failed> {
  const error = await decodeOptionalFailureToOptionalError(converter, failure);
  if (error instanceof ApplicationFailure) {
    const details = error.details?.[0] as Partial<SendFailure> | undefined;
    return { journal: details?.journal ?? null, isFinal: error.nonRetryable === true };
  }
  const beaten: unknown = error instanceof TimeoutFailure ? error.lastHeartbeatDetails : null;
  return { journal: Array.isArray(beaten) ? (beaten as Attempt[]) : null, isFinal: false };
}

const CLOSED = [
  'workflowExecutionCompletedEventAttributes',
  'workflowExecutionFailedEventAttributes',
  'workflowExecutionTimedOutEventAttributes',
  'workflowExecutionCanceledEventAttributes',
  'workflowExecutionTerminatedEventAttributes',
] as const;

/**
 * Reads a history. Payloads are decoded by the client's converter, whatever codec it has.
 *
 * @throws what the converter throws for payloads that it can't decode
 */
export async function* readFacts(
  converter: LoadedDataConverter,
  events: readonly HistoryEvent[],
): AsyncGenerator<HistoryFact, void, void> {
  /** Calls of the sending activity by the event that scheduled them */
  const calls = new Map<string, SendInput>();
  const attempts = new Map<string, number>();
  /** Events that scheduled the activity that sends a message */
  const messages = new Set<string>();
  /** Calls that landed the log */
  const records = new Map<string, RecordDeliveryInput>();
  let askedAt = new Date(0);
  for (const event of events) {
    const at = toDate(event.eventTime);
    const sentBy = (scheduledEventId: unknown) => {
      const input = calls.get(String(scheduledEventId));
      return input && { input, attempt: attempts.get(String(scheduledEventId)) ?? 1 };
    };
    const started = event.workflowExecutionStartedEventAttributes;
    if (started) yield { at, kind: 'started', input: await decodeFirst(converter, started.input) };
    if (event.workflowTaskStartedEventAttributes) askedAt = at;

    const marker = event.markerRecordedEventAttributes?.details?.result;
    const answer = marker && (await decodeFirst<Advanced | Outlook>(converter, marker));
    if (answer && 'stop' in answer) yield { at, kind: 'advanced', advanced: answer, askedAt };
    if (answer && 'because' in answer) yield { at, kind: 'looked', outlook: answer };

    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled?.activityType?.name === 'sendWebhook') {
      const input = await decodeFirst<SendInput>(converter, scheduled.input);
      if (input) calls.set(String(event.eventId), input);
      if (input) yield { at, kind: 'called', input };
    }
    if (scheduled?.activityType?.name === 'sendMessage') messages.add(String(event.eventId));
    if (scheduled?.activityType?.name === 'recordDelivery') {
      const input = await decodeFirst<RecordDeliveryInput>(converter, scheduled.input);
      if (input) records.set(String(event.eventId), input);
      if (input) yield { at, kind: 'recorded', input };
    }
    const begun = event.activityTaskStartedEventAttributes;
    if (begun) attempts.set(String(begun.scheduledEventId), begun.attempt ?? 1);

    const completed = event.activityTaskCompletedEventAttributes;
    const isMessage = completed && messages.has(String(completed.scheduledEventId));
    const messaged = isMessage && (await decodeFirst<Sent>(converter, completed.result));
    if (messaged && messaged.kind === 'deliver') yield { at, kind: 'ordered', errand: messaged.errand };

    const answered = completed && sentBy(completed.scheduledEventId);
    const result = answered && (await decodeFirst<SendResult>(converter, completed.result));
    if (result) yield { at, kind: 'answered', ...answered, result };

    const recorded = completed && records.get(String(completed.scheduledEventId));
    const landed = recorded && (await decodeFirst<{ journal: Attempt[] }>(converter, completed.result));
    if (landed) yield { at, kind: 'recorded', input: recorded, logged: landed.journal };

    const ended = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
    const failed = ended && sentBy(ended.scheduledEventId);
    if (failed) yield { at, kind: 'failed', ...failed, failed: await decodeFailed(converter, ended.failure) };

    if (CLOSED.some((attributes) => event[attributes])) yield { at, kind: 'closed' };
  }
}
