import type { AppError } from '../../lib/errors';
import type { OntraportAnswer } from './route';

/** Ontraport's envelope of a success: `code` 0, and whose account answered. */
export const envelope = (answer: OntraportAnswer, accountId: number | null): string =>
  JSON.stringify({
    code: 0,
    data: answer.data,
    account_id: accountId,
    ...(answer.count === undefined ? {} : { count: answer.count }),
  });

/** The same envelope of a failure: `code` is the HTTP status, `data` the sentence. */
export const failure = (error: AppError, accountId: number | null): { status: number; text: string } => {
  const status = statusOf(error);
  return { status, text: JSON.stringify({ code: status, data: messageOf(error), account_id: accountId }) };
};

/** Paths of mistakes in values, not in the call itself. */
const OF_VALUES = /^(fields|settings)\./;

/** Our errors by Ontraport's statuses: a value that does not fit its field is 422, as is what the state of things forbids. */
function statusOf(error: AppError): number {
  if (error.code === 'request.invalid')
    return error.facts.problems?.some(({ path }) => OF_VALUES.test(path)) ? 422 : 400;
  switch (error.status) {
    case 409:
      return 422;
    case 413:
    case 415:
      return 400;
    case 503:
      return 500;
    default:
      return error.status;
  }
}

function messageOf(error: AppError): string {
  const problems = error.facts.problems ?? [];
  if (problems.length === 0) return MESSAGES[error.code] ?? error.message;
  return problems.map(({ path, message }) => `${path.replace(OF_VALUES, '')}: ${message}`).join('; ');
}

/** Where the sentence of the error speaks of the API under /v1. */
const MESSAGES: Partial<Record<AppError['code'], string>> = {
  'request.malformed': 'The body is not valid JSON.',
  'request.unsupported-type': 'Send JSON or application/x-www-form-urlencoded, in UTF-8.',
  'route.unknown': 'There is no such endpoint in this API.',
};
