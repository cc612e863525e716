import type { Dispatcher } from 'undici';
import type { HttpLimits } from './http-message';

const HEADERS_MAX = 64;
const HEADER_LENGTH_MAX = 1024;
/** Kept even when more than 64 headers come before them: decisions depend on them. */
const WANTED_HEADERS = ['retry-after', 'content-type', 'location'];

/** Reads up to the limits; the answer counts from its status line on, so nothing that happens here is a failure. */
export async function readBody(
  body: Dispatcher.ResponseData['body'],
  limits: HttpLimits,
): Promise<{ body: string; isTruncated: boolean }> {
  const kept: Buffer[] = [];
  let bytes = 0;
  let isTruncated = false;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (bytes < limits.responseBytesKept) kept.push(chunk.subarray(0, limits.responseBytesKept - bytes));
      bytes += chunk.length;
      if (bytes >= limits.responseBytesRead) break; // leaving the loop closes the connection
    }
  } catch {
    isTruncated = true;
  }
  isTruncated ||= bytes > limits.responseBytesKept || bytes >= limits.responseBytesRead;
  // As a stream, the decoder leaves out a character that was cut in half instead of inventing one.
  const text = new TextDecoder('utf-8').decode(Buffer.concat(kept), { stream: isTruncated });
  return { body: text, isTruncated };
}

/** Lower-case names; those that decisions depend on are always among them. */
export function keepHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const names = Object.keys(headers);
  const wanted = names.filter((name) => WANTED_HEADERS.includes(name));
  const kept = [...new Set([...wanted, ...names])].slice(0, HEADERS_MAX);
  return Object.fromEntries(
    kept.map((name) => [name, [headers[name] ?? ''].flat().join(', ').slice(0, HEADER_LENGTH_MAX)]),
  );
}

/** Node sends one byte per character, so UTF-8 bytes are given to it as characters. */
export const toWire = (value: string): string => Buffer.from(value, 'utf8').toString('latin1');
