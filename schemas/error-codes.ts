import { RECORD_ERRORS } from './record-errors';

/**
 * Every failure that leaves the product: its public code, HTTP status, whether a repeat may succeed, and what to do.
 * Codes are public: rows are added, never renamed. `docs/errors.md` repeats this table and a test compares the two.
 */
export const ERRORS = {
  'request.invalid': {
    status: 400,
    retryable: false,
    sentence: 'The request has mistakes; "problems" names each field and how to mend it.',
  },
  'request.malformed': {
    status: 400,
    retryable: false,
    sentence: 'The body is not valid JSON; send JSON with "Content-Type: application/json".',
  },
  'request.too-large': {
    status: 413,
    retryable: false,
    sentence: 'The body is larger than this endpoint takes; send less at once.',
  },
  'request.unsupported-type': {
    status: 415,
    retryable: false,
    sentence: 'This endpoint takes JSON; send "Content-Type: application/json".',
  },
  'route.unknown': {
    status: 404,
    retryable: false,
    sentence: 'There is no such address; GET /openapi.json lists all of them.',
  },
  'key.invalid': {
    status: 401,
    retryable: false,
    sentence: 'Api-Key and Api-Appid must both be given and belong together.',
  },
  'key.not-found': { status: 404, retryable: false, sentence: 'No API key with this id exists in the account.' },
  'key.in-use': {
    status: 409,
    retryable: false,
    sentence: 'A key cannot delete itself; use another key of the account.',
  },
  'idempotency.mismatch': {
    status: 422,
    retryable: false,
    sentence: 'This Idempotency-Key was used for another request; choose a new key.',
  },
  ...RECORD_ERRORS,
  'event.not-found': { status: 404, retryable: false, sentence: 'No event with this id exists in the account.' },
  'event.not-parked': { status: 409, retryable: false, sentence: 'Only a parked event can be retried.' },
  'map.not-found': { status: 404, retryable: false, sentence: 'No map with this id exists in the account.' },
  'map.not-publishable': {
    status: 422,
    retryable: false,
    sentence: 'The draft has problems; "problems" names each element and how to mend it.',
  },
  'map.not-published': {
    status: 409,
    retryable: false,
    sentence: 'The map has no published version; publish it first.',
  },
  'map.in-use': {
    status: 409,
    retryable: false,
    sentence: 'Records are inside this map; wait for them or exit their entries first.',
  },
  'map.changed': {
    status: 409,
    retryable: true,
    sentence: 'The draft was changed by someone else; read it again and repeat your edit.',
  },
  'version.not-found': { status: 404, retryable: false, sentence: 'The map has no version with this number.' },
  'entry.not-found': { status: 404, retryable: false, sentence: 'No entry with this id exists in the account.' },
  'entry.refused': {
    status: 409,
    retryable: false,
    sentence: 'The map does not let this record enter again now (its re-entry setting).',
  },
  'entry.ended': { status: 409, retryable: false, sentence: 'The entry has ended already.' },
  'webhook.owned': {
    status: 409,
    retryable: false,
    sentence: 'This webhook belongs to a subscription; change or delete the subscription instead.',
  },
  'entry.starting': {
    status: 409,
    retryable: true,
    sentence: 'The entry is about to start; repeat the request.',
  },
  'webhook.not-found': { status: 404, retryable: false, sentence: 'No webhook with this id exists in the account.' },
  'webhook.in-use': {
    status: 409,
    retryable: false,
    sentence: 'A map, a rule or the account (as its SMS gateway) uses this webhook; take it off there first.',
  },
  'rule.not-found': { status: 404, retryable: false, sentence: 'No rule with this id exists in the account.' },
  'rule.unknown-items': {
    status: 409,
    retryable: false,
    sentence: 'The rule has items that are not understood and stays paused; replace its settings first.',
  },
  'subscription.not-found': {
    status: 404,
    retryable: false,
    sentence: 'No subscription with this id exists in the account.',
  },
  'delivery.not-found': { status: 404, retryable: false, sentence: 'No delivery with this id exists in the account.' },
  'calls.too-many': {
    status: 429,
    retryable: true,
    sentence: 'This key has used up its calls of the last minute; "Retry-After" says when there is one again.',
  },
  'query.too-slow': {
    status: 422,
    retryable: false,
    sentence: 'The search takes too long; narrow it, or sort by "id".',
  },
  'live.too-many': {
    status: 429,
    retryable: true,
    sentence: 'Too many live tails are open; close one of them, then repeat the request.',
  },
  'delivery.open': {
    status: 409,
    retryable: false,
    sentence: 'The delivery is not over yet; retry it now, or cancel it first.',
  },
  'delivery.ended': {
    status: 409,
    retryable: false,
    sentence: 'The delivery is over; replay it to send it once more.',
  },
  'delivery.starting': {
    status: 409,
    retryable: true,
    sentence: 'The delivery is about to start; repeat the request.',
  },
  'delivery.terminated': {
    status: 409,
    retryable: false,
    sentence: 'Its workflow was ended in Temporal; cancel the delivery, or exit its entry, and then replay it.',
  },
  'delivery.sending': {
    status: 409,
    retryable: true,
    sentence: 'The request is on its way just now; look again in a moment.',
  },
  'webhook.held': {
    status: 409,
    retryable: false,
    sentence: 'The webhook is paused or disabled; resume it first.',
  },
  'job.not-found': { status: 404, retryable: false, sentence: 'No job with this id exists in the account.' },
  'job.ended': { status: 409, retryable: false, sentence: 'The job is over.' },
  'inbox.not-found': { status: 404, retryable: false, sentence: 'There is no inbox with this token.' },
  'database.unavailable': {
    status: 503,
    retryable: true,
    sentence: 'MongoDB does not answer; repeat the request with the same Idempotency-Key.',
  },
  'engine.unavailable': {
    status: 503,
    retryable: true,
    sentence: 'Temporal or its workers do not answer; repeat the request.',
  },
  'codec.unauthorized': {
    status: 401,
    retryable: false,
    sentence: 'Payloads are decoded only for "Authorization: Bearer ..." with the token of the setting CODEC_TOKEN.',
  },
  'secret.unreadable': {
    status: 500,
    retryable: false,
    sentence: 'A sealed value cannot be opened; SECRET_KEYS must hold the key it was sealed with.',
  },
  'setting.invalid': {
    status: 500,
    retryable: false,
    sentence: 'A setting is missing or wrong; the message lists all of them.',
  },
  'internal.error': {
    status: 500,
    retryable: true,
    sentence: 'Something went wrong on our side; the log has the details under this request id.',
  },
} as const satisfies Record<string, { status: number; retryable: boolean; sentence: string }>;

export type ErrorCode = keyof typeof ERRORS;
