import { attemptsOf, chooseRetry, parseRetryAfter } from '../domain/choose-retry';
import { classifyFailure, classifyStatus } from '../domain/classify-outcome';
import { describeRedirect } from '../domain/describe-redirect';
import { mapResponse } from '../domain/map-response';
import type { RenderedRequest } from '../domain/render-request';
import { monotonicMs, now } from '../lib/clock';
import type { HttpExchange } from '../lib/outbound/http-exchange';
import type { HttpFailure, HttpTimings } from '../lib/outbound/http-failure';
import type { HttpAnswer } from '../lib/outbound/http-message';
import type { Attempt, OutcomeClass, Timings } from '../schemas/delivery';
import type { Mapped } from '../schemas/response-mapping';
import { buildMasker } from './mask-secrets';
import type { Ready } from './prepare-send';
import { signRequest } from './sign-request';

const LIMITS = { responseBytesKept: 16 * 1024, responseBytesRead: 256 * 1024 };
const REQUEST_CHARS = 16 * 1024;
type Retry = ReturnType<typeof chooseRetry>;

/** An attempt with its answer, and what follows from it. */
export interface Answered {
  attempt: Attempt;
  retry: Retry;
  retryAfterMs: number | null;
}

/**
 * Sends the request, once, and says how it ended. What cannot be sent ends as `invalid` without a request.
 *
 * @param exchange    where it leads; null when there is nothing to send
 * @param scheduledMs when this attempt was due, Unix milliseconds: from then on it waited in queues and for its slot
 * @throws never
 */
export async function requestOnce(exchange: HttpExchange | null, ready: Ready, scheduledMs: number): Promise<Answered> {
  const startedAt = now();
  const startedMs = monotonicMs();
  const { deliveryId, secrets } = ready;
  const request =
    ready.request && signRequest(ready.request, { deliveryId, signers: secrets?.signers ?? [], at: startedAt }).request;
  const mask = buildMasker(secrets?.secretNames ?? new Set(), request?.headers ?? {});
  const sent = exchange && request && ready.webhook ? await send(exchange, request, timeoutMsOf(ready.webhook)) : null;
  const outcome = sent ?? {
    class: 'invalid' as const,
    error: `not sent: ${ready.problem}`,
    answer: null,
    timings: null,
  };
  const retryAfterMs = parseRetryAfter(outcome.answer?.headers['retry-after'], now().getTime());
  const isHint = outcome.answer?.status === 429 || outcome.answer?.status === 503;
  const retry = chooseRetry({
    class: outcome.class,
    status: outcome.answer?.status ?? null,
    policy: ready.webhook?.settings.retryPolicy,
    sendsSoFar: ready.journal.length + 1,
    maxAttempts: ready.webhook ? attemptsOf(ready.webhook.settings) : 1,
    schedule: ready.webhook?.settings.schedule ?? { preset: 'none' },
    retryAfterMs: isHint ? retryAfterMs : null,
    seed: `${ready.deliveryId}:${ready.journal.length + 1}`,
  });
  const body = mask.text(outcome.answer?.body ?? '');
  const attempt: Attempt = {
    number: ready.journal.length + 1,
    call: ready.key.call,
    temporalAttempt: ready.key.attempt,
    class: outcome.class,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(monotonicMs() - startedMs),
    status: outcome.answer?.status ?? null,
    error: outcome.error && mask.text(outcome.error),
    request: request && {
      method: request.method,
      url: request.url,
      headers: mask.headers(request.headers),
      body: (request.body ?? '').slice(0, REQUEST_CHARS),
    },
    response: outcome.answer && {
      headers: mask.headers(outcome.answer.headers),
      body,
      isTruncated: outcome.answer.isTruncated,
    },
    peer: outcome.answer?.peer ?? null,
    timings: outcome.timings && {
      ...roundTimings(outcome.timings),
      queueMs: Math.max(0, startedAt.getTime() - scheduledMs),
    },
    webhookRevision: ready.webhook?.revision ?? null,
    nextAttemptInMs: retry.isRetried ? retry.delayMs : null,
    mapped: outcome.class === 'success' && outcome.answer ? mapAnswer(ready, { ...outcome.answer, body }) : null,
    nextAttemptReason: retry.reason,
    ...(ready.replay > 0 ? { replay: ready.replay } : {}),
  };
  return { attempt, retry, retryAfterMs };
}

async function send(
  exchange: HttpExchange,
  request: RenderedRequest,
  timeoutMs: number,
): Promise<{ class: OutcomeClass; error: string | null; answer: HttpAnswer | null; timings: HttpTimings }> {
  try {
    const answer = await exchange.send(request, { timeoutMs, ...LIMITS });
    const { status, headers, timings } = answer;
    if (classifyStatus(status) !== 'redirect') return { class: classifyStatus(status), error: null, answer, timings };
    const { host, sentence } = describeRedirect(status, headers.location, request.url);
    const shown = host === null ? headers : { ...headers, location: host };
    return { class: 'redirect', error: sentence, answer: { ...answer, headers: shown }, timings };
  } catch (error) {
    const failure = classifyFailure(error as HttpFailure);
    return { class: failure.class, error: failure.sentence, answer: null, timings: (error as HttpFailure).timings };
  }
}

/** Time limit of a request of the webhook. */
export const timeoutMsOf = (webhook: NonNullable<Ready['webhook']>): number => webhook.settings.timeoutSeconds * 1000;

/** What the webhook's response mapping takes from an answer; null when it has none. */
function mapAnswer({ webhook, objectType }: Ready, answer: HttpAnswer): Mapped | null {
  const rows = webhook?.settings.responseMapping ?? [];
  return rows.length === 0 || !objectType ? null : mapResponse(answer, rows, objectType);
}

/** To tenths of a millisecond. */
const roundTimings = (timings: HttpTimings): Omit<Timings, 'queueMs'> => {
  const round = (ms: number) => Math.round(ms * 10) / 10;
  const part = (ms: number | null) => (ms === null ? null : round(ms));
  return {
    dnsMs: part(timings.dnsMs),
    connectMs: part(timings.connectMs),
    tlsMs: part(timings.tlsMs),
    firstByteMs: part(timings.firstByteMs),
    totalMs: round(timings.totalMs),
  };
};
