import { expect, test } from '@jest/globals';
import { OUTCOME_CLASSES, type OutcomeClass } from '../schemas/delivery';
import { classifyFailure, classifyStatus } from './classify-outcome';

const TABLE: Partial<Record<OutcomeClass, number[]>> = {
  success: [200, 201, 202, 204, 299],
  redirect: [300, 301, 302, 303, 304, 307, 308],
  transient: [408, 425, 429, 500, 502, 503, 504, 507, 520, 521, 522, 523, 524, 525, 526, 527, 530],
  config: [401, 403, 404, 405, 407, 409, 421, 423],
  rejected: [400, 406, 411, 413, 414, 415, 422, 431, 451, 501, 505],
  gone: [410],
};

test.each(Object.entries(TABLE).flatMap(([kind, statuses]) => statuses.map((status) => [status, kind] as const)))(
  'a status of %i is %s',
  (status, kind) => {
    expect(classifyStatus(status)).toBe(kind);
  },
);

test.each([
  [100, 'transient'],
  [101, 'transient'],
  [402, 'rejected'],
  [418, 'rejected'],
  [499, 'rejected'],
  [506, 'transient'],
  [511, 'transient'],
  [599, 'transient'],
  [999, 'transient'],
])('a status of %i, which the table lacks, is %s', (status, kind) => {
  expect(classifyStatus(status)).toBe(kind);
});

test('every status from 100 to 999 has a class, and only 2xx is a success', () => {
  for (let status = 100; status < 1000; status++) {
    const kind = classifyStatus(status);
    expect(OUTCOME_CLASSES).toContain(kind);
    expect(kind === 'success').toBe(status >= 200 && status < 300);
  }
});

test.each<[string, OutcomeClass]>([
  ['dns', 'dns'],
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['connect', 'connect'],
  ['protocol', 'connect'],
  ['ECONNREFUSED', 'connect'],
  ['ECONNRESET', 'connect'],
  ['UND_ERR_SOCKET', 'connect'],
  ['HPE_INVALID_CONSTANT', 'connect'],
  ['tls', 'tls'],
  ['CERT_HAS_EXPIRED', 'tls'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
  ['timeout', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['ETIMEDOUT', 'timeout'],
  ['blocked', 'blocked'],
  ['ERR_ADDRESS_BLOCKED', 'blocked'],
  ['invalid', 'invalid'],
  ['UND_ERR_INVALID_ARG', 'invalid'],
  ['ESOMETHING', 'unknown'],
])('a failure with code %s is %s', (code, kind) => {
  const failure = classifyFailure({ code });
  expect(failure.class).toBe(kind);
  expect(failure.sentence).toMatch(/^[A-Z].*\.$/);
});

test('knows a timeout by its name', () => {
  expect(classifyFailure({ name: 'TimeoutError' }).class).toBe('timeout');
});

test('says of a timeout that the request may have been processed, unless no connection came about', () => {
  expect(classifyFailure({ code: 'timeout', cause: { name: 'TimeoutError' } }).sentence).toMatch(
    /may have been processed/,
  );
  const unconnected = classifyFailure({ code: 'timeout', cause: { code: 'UND_ERR_CONNECT_TIMEOUT' } });
  expect(unconnected).toEqual({ class: 'timeout', sentence: expect.stringMatching(/nothing was sent/) });
});

test('names the technical code behind a failure', () => {
  expect(classifyFailure({ code: 'tls', cause: { code: 'CERT_HAS_EXPIRED' } }).sentence).toMatch(/CERT_HAS_EXPIRED/);
  expect(classifyFailure({ cause: { cause: { code: 'ECONNREFUSED' } } }).sentence).toMatch(/refused.*ECONNREFUSED/);
});

test('tells of a forbidden address one general sentence, whatever lies below', () => {
  const failure = classifyFailure({ code: 'blocked', message: '10.0.0.1', cause: { code: 'ERR_ADDRESS_BLOCKED' } });
  expect(failure).toEqual({ class: 'blocked', sentence: 'This address is not allowed.' });
});

test('never follows a chain of causes without end', () => {
  const error: { cause?: unknown } = {};
  error.cause = error;
  expect(classifyFailure(error).class).toBe('unknown');
});
