import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ApiParts, buildApp } from '../../api/build-app';
import type { ProblemAnswer } from '../../api/problem';
import { bootstrapAccount, type NewAccount } from '../../store/bootstrap-account';
import { LOOPBACK, openSystem, PEPPER, type SystemOptions, type TestSystem } from './open-system';

/** The setting `CODEC_TOKEN` of all tests */
export const CODEC_TOKEN = 'a-codec-token-for-tests-of-40-characters';

/** An answer of the API, its body parsed where it is JSON. */
// biome-ignore lint/suspicious/noExplicitAny: tests read answers freely
export interface ApiAnswer<T = any> {
  status: number;
  headers: Headers;
  text: string;
  body: T;
}

interface Options {
  headers?: Record<string, string>;
  /** Sent as it is, instead of JSON */
  raw?: string;
}

/** A caller of the API with its account. */
export interface ApiCaller extends NewAccount {
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers freely
  call<T = any>(method: string, path: string, body?: unknown, options?: Options): Promise<ApiAnswer<T>>;
}

/** The API on a free port, in a database of its own, with two accounts. */
export interface TestApi {
  url: string;
  system: TestSystem;
  /** What another app on the same system is built from */
  parts: ApiParts;
  ada: ApiCaller;
  bob: ApiCaller;
  /** How often the pump was told of new events */
  nudges(): number;
  close(): Promise<void>;
}

/** @param options.isWorking also runs pump and workers; they are left out unless asked for */
export async function openTestApi(options: SystemOptions = {}): Promise<TestApi> {
  const system = await openSystem({ isWorking: false, ...options });
  const { db, engine, logger, keys } = system;
  let nudged = 0;
  const onEvents = (): void => {
    nudged++;
    system.pump.nudge();
  };
  const allow = options.allow ?? LOOPBACK;
  const parts: ApiParts = {
    db,
    engine,
    logger,
    pepper: PEPPER,
    keys,
    codecToken: CODEC_TOKEN,
    publicUrl: 'http://127.0.0.1',
    allow,
    ontraportCallsPerMinute: 1_000_000,
    onEvents,
  };
  const server = createServer(buildApp(parts));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const other = await bootstrapAccount(db, { name: 'Bob', pepper: PEPPER, allowHttp: false });
  return {
    url,
    system,
    parts,
    ada: callerOf(url, system.account),
    bob: callerOf(url, other),
    nudges: () => nudged,
    async close() {
      await closeServer(server);
      await system.close();
    },
  };
}

/** The problem in an answer. */
export const problemOf = ({ body }: ApiAnswer): ProblemAnswer => body as ProblemAnswer;

function callerOf(url: string, account: NewAccount): ApiCaller {
  const keys = { 'api-key': account.apiKey, 'api-appid': account.account.appId };
  return {
    ...account,
    async call(method, path, body, { headers = {}, raw } = {}) {
      const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
      const type: Record<string, string> = sent === undefined ? {} : { 'content-type': 'application/json' };
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { ...keys, ...type, ...headers },
        ...(sent === undefined ? {} : { body: sent }),
      });
      const text = await response.text();
      const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: isJson && text !== '' ? JSON.parse(text) : undefined,
      };
    },
  };
}

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
