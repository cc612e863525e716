import { expect } from '@jest/globals';
import type { ApiAnswer, ApiCaller } from './open-test-api';

const FORM = 'application/x-www-form-urlencoded';

/** Speaks to the API under /1 as one account: texts are sent as forms, objects as JSON. */
export interface OntraportCaller {
  send(method: string, path: string, body?: string | object): Promise<ApiAnswer>;
  /** `data` of a success, after a look at its envelope */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers freely
  dataOf(method: string, path: string, body?: string | object): Promise<any>;
  /** Status and sentence of a failure, after a look at its envelope */
  refusalOf(method: string, path: string, body?: string | object): Promise<[status: number, sentence: string]>;
}

/** @param caller the account that calls */
export function ontraportCaller(caller: ApiCaller): OntraportCaller {
  const account_id = caller.account.number;
  const send: OntraportCaller['send'] = (method, path, body) =>
    typeof body === 'string'
      ? caller.call(method, `/1${path}`, undefined, { raw: body, headers: { 'content-type': FORM } })
      : caller.call(method, `/1${path}`, body);
  return {
    send,
    async dataOf(method, path, body) {
      const answer = await send(method, path, body);
      expect([answer.status, answer.body]).toEqual([200, { code: 0, data: expect.anything(), account_id }]);
      return answer.body.data;
    },
    async refusalOf(method, path, body) {
      const { status, body: answer } = await send(method, path, body);
      expect(answer).toEqual({ code: status, data: expect.any(String), account_id });
      return [status, answer.data];
    },
  };
}
