import { expect, test } from '@jest/globals';
import { bootstrapAccount } from '../store/bootstrap-account';
import { openDatabase } from '../store/database';
import { createIndexes } from '../store/indexes';
import { freePort } from '../tests/servers/free-port';
import { databaseUrl, PEPPER, SECRET_KEYS, uniqueName } from '../tests/servers/open-system';
import { startScript } from '../tests/servers/start-script';

test('the process answers, writes one line a request without what was sent, and stops when it is told', async () => {
  const mongodbUrl = databaseUrl(uniqueName());
  const db = await openDatabase(mongodbUrl);
  await createIndexes(db);
  const { account, apiKey } = await bootstrapAccount(db, { name: 'Test', pepper: PEPPER, allowHttp: false });
  const port = await freePort();
  const started = startScript("load('api/main'); await new Promise(() => {});", [], {
    MONGODB_URL: mongodbUrl,
    TEMPORAL_ADDRESS: process.env.TEST_TEMPORAL_ADDRESS ?? '',
    API_KEY_PEPPER: PEPPER,
    SECRET_KEYS,
    PORT: String(port),
    LOG_LEVEL: 'info',
  });
  expect(await started.firstLine).toContain('api listens');

  const answer = await fetch(`http://127.0.0.1:${port}/v1/records?tag=private`, {
    headers: { 'api-key': apiKey, 'api-appid': account.appId },
  });
  expect(answer.status).toBe(200);
  await answer.text();
  started.process.kill('SIGTERM');
  const output = await started.output;
  expect(started.process.exitCode).toBe(0);
  expect(output).toContain('api stops');
  expect(output).not.toContain('private');
  expect(output).not.toContain(apiKey);
  const lines = output.split('\n').filter((line) => line.includes('"msg":"request"'));
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    {
      method: 'GET',
      path: '/v1/records',
      status: 200,
      accountId: account._id,
      requestId: answer.headers.get('x-request-id'),
    },
  ]);
  await db.connection.dropDatabase();
  await db.close();
});

test('without its settings the process says which are missing and ends with 1', async () => {
  const started = startScript("load('api/main'); await new Promise(() => {});", [], {
    MONGODB_URL: '',
    TEMPORAL_ADDRESS: '',
    API_KEY_PEPPER: '',
    SECRET_KEYS: '',
  });
  const output = await started.output;
  expect(started.process.exitCode).toBe(1);
  for (const name of ['MONGODB_URL', 'TEMPORAL_ADDRESS', 'API_KEY_PEPPER', 'SECRET_KEYS'])
    expect(output).toContain(name);
});
