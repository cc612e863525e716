import type { z } from 'zod';
import { AppError, isDatabaseFault } from '../lib/errors';
import { ERRORS, type ErrorCode } from '../schemas/error-codes';
import type { Problem } from '../schemas/problem';
import { isDuplicate } from '../store/database';
import { isEngineFault } from '../workers/temporal-client';

const PROBLEMS_MAX = 100;

/** Body of every answer that is no success (RFC 9457). */
export interface ProblemAnswer {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  problems: Problem[];
  requestId: string;
}

/** Errors of Express and its body parser, by their type, in our words. */
const PARSER_CODES: Record<string, ErrorCode> = {
  'entity.parse.failed': 'request.malformed',
  'request.aborted': 'request.malformed',
  'request.size.invalid': 'request.malformed',
  'entity.too.large': 'request.too-large',
  'encoding.unsupported': 'request.unsupported-type',
  'charset.unsupported': 'request.unsupported-type',
};

/** Anything thrown, as an error of ours. @throws never */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { type, status } = (error ?? {}) as { type?: unknown; status?: unknown };
  const parserCode = typeof type === 'string' ? PARSER_CODES[type] : undefined;
  if (parserCode) return new AppError(parserCode, {}, { cause: error });
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new AppError(error instanceof URIError ? 'request.invalid' : 'request.malformed', {}, { cause: error });
  if (isDatabaseFault(error) && !isDuplicate(error)) return new AppError('database.unavailable', {}, { cause: error });
  if (isEngineFault(error)) return new AppError('engine.unavailable', {}, { cause: error });
  return new AppError('internal.error', {}, { cause: error });
}

/** The answer to a failed request. */
export const toProblemAnswer = (error: AppError, requestId: string): ProblemAnswer => ({
  type: `urn:hookline:error:${error.code}`,
  title: ERRORS[error.code].sentence,
  status: error.status,
  detail: error.message,
  code: error.code,
  problems: error.facts.problems ?? [],
  requestId,
});

/** `request.invalid` with these problems; for mistakes that only a handler can see. */
export const invalid = (...problems: Problem[]): AppError => new AppError('request.invalid', { problems });

/** Throws `request.invalid` when there is any problem. @param prefix put before each path: `settings.` */
export function refuse(problems: readonly Problem[], prefix = ''): void {
  if (problems.length === 0) return;
  throw invalid(
    ...problems.slice(0, PROBLEMS_MAX).map((problem) => ({ ...problem, path: `${prefix}${problem.path}` })),
  );
}

/**
 * Parses what came in.
 *
 * @param prefix put before each path of a problem
 * @throws AppError `request.invalid`
 */
export function parseGiven<T extends z.ZodType>(schema: T, given: unknown, prefix = ''): z.output<T> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw invalid(...parsed.error.issues.flatMap((issue) => toProblems(issue, prefix)).slice(0, PROBLEMS_MAX));
}

type Issue = z.core.$ZodIssue;
const join = (prefix: string, path: readonly PropertyKey[]): string => `${prefix}${path.map(String).join('.')}`;

function toProblems(issue: Issue, prefix: string): Problem[] {
  const path = join(prefix, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: join(prefix, [...issue.path, key]),
        message: 'is not known here; leave it out',
      }));
    case 'invalid_key':
      return [{ path, message: issue.issues[0]?.message ?? issue.message }];
    case 'invalid_union':
      return [{ path, message: unionMessage(issue) }];
    case 'too_big':
      return [{ path, message: `must be at most ${issue.maximum}${unitOf(issue.origin)}` }];
    case 'too_small':
      return [{ path, message: `must be at least ${issue.minimum}${unitOf(issue.origin)}` }];
    case 'invalid_type':
      return [
        {
          path,
          message: /received undefined$/.test(issue.message) ? 'must be given' : `must be ${kindOf(issue.expected)}`,
        },
      ];
    case 'invalid_value':
      return [{ path, message: `must be one of ${issue.values.map(String).join(', ')}` }];
    default:
      return [{ path, message: issue.message }];
  }
}

const kindOf = (expected: string): string =>
  expected === 'int' ? 'a whole number' : `${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}`;
const unitOf = (origin: string): string => (origin === 'string' ? ' characters' : origin === 'array' ? ' items' : '');

function unionMessage(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  if ('options' in issue && issue.options) return `must be one of ${issue.options.map(String).join(', ')}`;
  const messages = [...new Set(issue.errors.map((errors) => errors[0]?.message ?? '').filter(Boolean))];
  return messages.length > 0 ? messages.join(', or: ') : issue.message;
}
