import { attemptsOf, chooseRetry, parseRetryAfter } from '../domain/choose-retry';
import { classifyFailure, classifyStatus } from '../domain/classify-outcome';
import { mapResponse } from '../domain/map-response';
import type { RenderedRequest } from '../domain/render-request';
import { monotonicMs, now } from '../lib/clock';
import type { HttpAnswer, HttpClient } from '../lib/outbound/http-client';
import type { Attempt, OutcomeClass } from '../schemas/delivery';
import type { Mapped } from '../schemas/response-mapping';
import type { Ready } from './prepare-send';

const LIMITS = { responseBytesKept: 16 * 1024, responseBytesRead: 256 * 1024 };
const REQUEST_CHARS = 16 * 1024;
/** Header values that the log never shows. Source: docs/delivery.md D11. */
const MASKED = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'api-key',
  'api-appid',
  'x-api-key',
]);

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
 * @throws never
 */
export async function requestOnce(http: HttpClient, ready: Ready): Promise<Answered> {
  const startedAt = now();
  const startedMs = monotonicMs();
  const sent =
    ready.request && ready.webhook
      ? await send(http, ready.request, ready.webhook.settings.timeoutSeconds * 1000)
      : null;
  const outcome = sent ?? { class: 'invalid' as const, error: `not sent: ${ready.problem}`, answer: null };
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
  const attempt: Attempt = {
    number: ready.journal.length + 1,
    call: ready.key.call,
    temporalAttempt: ready.key.attempt,
    class: outcome.class,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(monotonicMs() - startedMs),
    status: outcome.answer?.status ?? null,
    error: outcome.error,
    request: ready.request && {
      method: ready.request.method,
      url: ready.request.url,
      headers: mask(ready.request.headers),
      body: (ready.request.body ?? '').slice(0, REQUEST_CHARS),
    },
    response: outcome.answer && {
      headers: mask(outcome.answer.headers),
      body: outcome.answer.body,
      isTruncated: outcome.answer.isTruncated,
    },
    peer: outcome.answer?.peer ?? null,
    webhookRevision: ready.webhook?.revision ?? null,
    nextAttemptInMs: retry.isRetried ? retry.delayMs : null,
    mapped: outcome.class === 'success' && outcome.answer ? mapAnswer(ready, outcome.answer) : null,
    nextAttemptReason: retry.reason,
    ...(ready.replay > 0 ? { replay: ready.replay } : {}),
  };
  return { attempt, retry, retryAfterMs };
}

async function send(
  http: HttpClient,
  request: RenderedRequest,
  timeoutMs: number,
): Promise<{ class: OutcomeClass; error: string | null; answer: HttpAnswer | null }> {
  try {
    const answer = await http.send(request, { timeoutMs, ...LIMITS });
    return { class: classifyStatus(answer.status), error: null, answer };
  } catch (error) {
    const failure = classifyFailure(error as Error);
    return { class: failure.class, error: failure.sentence, answer: null };
  }
}

/** What the webhook's response mapping takes from an answer; null when it has none. */
function mapAnswer({ webhook, objectType }: Ready, answer: HttpAnswer): Mapped | null {
  const rows = webhook?.settings.responseMapping ?? [];
  return rows.length === 0 || !objectType ? null : mapResponse(answer, rows, objectType);
}

const mask = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, MASKED.has(name.toLowerCase()) ? '•••' : value]),
  );
