import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { custom } from '../servers/draw';
import { type MailServer, openMailServer } from '../servers/open-mail-server';
import { openRuleCaller } from '../servers/open-rule-caller';
import { MAIL_FROM } from '../servers/open-system';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { spawnWorker, type WorkerProcess } from '../servers/spawn-worker';
import { until } from '../servers/until';

const PATIENCE_MS = 90_000;

let api: TestApi;
let mails: MailServer;
let worker: WorkerProcess;
beforeAll(async () => {
  mails = await openMailServer();
  api = await openTestApi({ isWorking: true, hasWorkers: false });
  worker = await startWorker();
}, PATIENCE_MS);
afterAll(async () => {
  await worker?.stop();
  await api.close();
  await mails.close();
});

const startWorker = () => spawnWorker(api.system, undefined, { SMTP_URL: mails.url, MAIL_FROM });

test('a worker killed before it hears the answer loses no e-mail: it is sent again, recognisably the same', async () => {
  const ada = openRuleCaller(api);
  await ada.switchFeatures({ globalRules: true });
  const settings = { kind: 'email', name: 'Welcome', subject: 'Hi [First Name]', body: 'Dear [First Name]' };
  const { id: messageId } = (await api.ada.call('POST', '/v1/messages', { settings })).body;
  await ada.makeRule({ events: [custom('joined')], actions: [{ kind: 'send-email', messageId }] });
  const recordId = await ada.makeContact({ firstname: 'Ada', email: 'ada@example.com' });
  // The first one is taken without an answer.
  mails.answer = () => (mails.arrivals.length === 1 ? new Promise(() => undefined) : 250);
  await ada.say(recordId, 'joined');
  await until('the first mail', () => mails.arrivals.length === 1, PATIENCE_MS);
  await worker.stop();
  await api.ada.call('PATCH', `/v1/records/${recordId}`, { fields: { firstname: 'Augusta' } });
  worker = await startWorker();
  const row = await until(
    'its end',
    async () => (await ada.get('/v1/outgoing-messages?status=sent')).items[0],
    PATIENCE_MS,
  );
  expect(row).toMatchObject({ attempts: 2, error: null, body: 'Dear Ada' });
  const told = mails.arrivals.map(({ text }) => [/^Message-ID: .*$/m.exec(text)?.[0], text.includes('Dear Ada\n')]);
  expect(told).toEqual([
    [`Message-ID: <${row.id}@hookline.example>`, true],
    [`Message-ID: <${row.id}@hookline.example>`, true],
  ]);
}, 120_000);
