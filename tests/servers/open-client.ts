import { afterAll, expect } from '@jest/globals';
import type { Resolve } from '../../lib/outbound/guarded-connector';
import { type HttpClient, openHttpClient } from '../../lib/outbound/http-client';
import { HttpFailure } from '../../lib/outbound/http-failure';
import type { HttpAnswer } from '../../lib/outbound/http-message';

const clients: HttpClient[] = [];
afterAll(async () => {
  for (const client of clients) await client.close();
});

/** A client that may reach loopback, closed after the file's tests. */
export const openClient = (options: { allow?: string[]; resolve?: Resolve; trust?: string[] } = {}): HttpClient => {
  const client = openHttpClient({ allow: ['127.0.0.0/8'], ...options });
  clients.push(client);
  return client;
};
export const limits = { timeoutMs: 3000, responseBytesKept: 16_384, responseBytesRead: 262_144 };
export const post = (url: string) => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'text/plain' },
  body: 'hello',
});

/** How a request failed; fails the test when it did not. */
export async function failureOf(sending: Promise<HttpAnswer>): Promise<HttpFailure> {
  const ended = await sending.catch((error: unknown) => error);
  expect(ended).toBeInstanceOf(HttpFailure);
  return ended as HttpFailure;
}
