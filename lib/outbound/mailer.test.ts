import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type MailServer, openMailServer } from '../../tests/servers/open-mail-server';
import { type Mailer, openMailer } from './mailer';

const MAIL_FROM = 'Hookline <no-reply@hookline.example>';
const mail = {
  id: 'out_1',
  to: 'ada@example.com',
  subject: 'Grüße',
  format: 'plain' as const,
  body: 'Hällo\n.\nthere',
  headers: { 'x-hookline-message': '5' },
};

let server: MailServer;
let mailer: Mailer;
beforeAll(async () => {
  server = await openMailServer();
  mailer = openMailer({ SMTP_URL: server.url, MAIL_FROM }) as Mailer;
});
afterAll(() => server.close());

test('a mail arrives with its sender, its one recipient, its Message-ID and its text', async () => {
  expect(await mailer.send(mail)).toEqual({ kind: 'sent' });
  expect(server.arrivals.at(-1)).toMatchObject({ from: 'no-reply@hookline.example', to: ['ada@example.com'] });
  const { text = '' } = server.arrivals.at(-1) ?? {};
  for (const line of [
    'From: Hookline <no-reply@hookline.example>',
    'To: ada@example.com',
    'Message-ID: <out_1@hookline.example>',
  ])
    expect(text.split('\n')).toContain(line);
  expect(text).toMatch(/^Subject: =\?UTF-8\?/m);
  expect(text).toMatch(/^X-Hookline-Message: 5$/m);
});

test.each([
  [421, 'deferred'],
  [451, 'deferred'],
  [550, 'refused'],
  [554, 'refused'],
])('an answer of %i is %s, with what the server said', async (code, kind) => {
  server.answer = () => code;
  expect(await mailer.send(mail)).toEqual({ kind, error: expect.stringContaining(`${code}`) });
  server.answer = () => 250;
});

test('a server that is away, or does not know us, is worth another attempt', async () => {
  const gone = await openMailServer();
  await gone.close();
  const away = openMailer({ SMTP_URL: gone.url, MAIL_FROM }) as Mailer;
  expect(await away.send(mail)).toMatchObject({ kind: 'deferred' });
  const unknown = openMailer({ SMTP_URL: server.url.replace('//', '//eve:secret-word@'), MAIL_FROM }) as Mailer;
  const outcome = await unknown.send(mail);
  expect(outcome).toMatchObject({ kind: 'deferred' });
  expect(JSON.stringify(outcome)).not.toContain('secret-word');
});

test('without a server there is no mailer, and without a sender none is opened', () => {
  expect(openMailer({ SMTP_URL: undefined, MAIL_FROM })).toBeNull();
  expect(() => openMailer({ SMTP_URL: 'smtp://localhost', MAIL_FROM: undefined })).toThrow(/MAIL_FROM: must be set/);
});
