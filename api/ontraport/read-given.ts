import type { Request } from 'express';
import { parseBrackets } from '../../domain/parse-brackets';
import { AppError } from '../../lib/errors';
import { checkStorable } from '../check-storable';
import { invalid, refuse } from '../problem';

/**
 * The parameters of a call, from the query and from the body, which wins: JSON or a form, in any method. A body of
 * another type is taken for JSON when it begins as such.
 *
 * @param req its body read as text
 * @throws AppError `request.malformed`, `request.unsupported-type`, `request.invalid`
 */
export function readGiven(req: Request): Record<string, unknown> {
  const at = req.originalUrl.indexOf('?');
  const query = at < 0 ? {} : readForm(req.originalUrl.slice(at + 1));
  const given = { ...query, ...readBody(req) };
  refuse(checkStorable(given));
  return given;
}

function readBody(req: Request): Record<string, unknown> {
  const text = typeof req.body === 'string' ? req.body.trim() : '';
  if (text === '') return {};
  const type = req.get('content-type') ?? '';
  if (/^multipart\//i.test(type)) throw new AppError('request.unsupported-type');
  if (!/\bjson\b/i.test(type) && !/^[[{]/.test(text)) return readForm(text);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new AppError('request.malformed', {}, { cause: error });
  }
  if (Array.isArray(body) && body.length === 0) return {};
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid({ path: 'body', message: 'must be a JSON object with the parameters by name' });
  return body as Record<string, unknown>;
}

function readForm(text: string): Record<string, unknown> {
  const parsed = parseBrackets(text);
  if ('mistake' in parsed) throw invalid({ path: 'parameters', message: parsed.mistake });
  return parsed.values;
}
