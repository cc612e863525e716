import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { custom } from '../servers/draw';
import { openRuleCaller } from '../servers/open-rule-caller';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { until } from '../servers/until';

const PATIENCE_MS = 60_000;

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ isWorking: true });
});
afterAll(() => api.close());

test('without an SMTP server an e-mail is in the inbox of the account', async () => {
  const ada = openRuleCaller(api);
  await ada.switchFeatures({ globalRules: true });
  const settings = { kind: 'email', name: 'Welcome', subject: 'Hi [First Name]', body: 'Dear [First Name]' };
  const { id: messageId } = (await api.ada.call('POST', '/v1/messages', { settings })).body;
  await ada.makeRule({ events: [custom('joined')], actions: [{ kind: 'send-email', messageId }] });
  const recordId = await ada.makeContact({ firstname: 'Ada', email: 'ada@example.com' });
  await ada.say(recordId, 'joined');
  const [kept] = await until(
    'the message',
    async () => {
      const { items } = await ada.get('/v1/inbox-messages');
      return items.length > 0 && items;
    },
    PATIENCE_MS,
  );
  expect(kept).toMatchObject({
    method: 'EMAIL',
    headers: { to: 'ada@example.com', subject: 'Hi Ada', 'x-hookline-message': '1', 'x-hookline-record': recordId },
    body: 'Dear Ada',
  });
  const row = await until('its end', async () => {
    const { items } = await ada.get('/v1/outgoing-messages?status=sent');
    return items[0];
  });
  expect(row).toMatchObject({ status: 'sent', way: 'inbox', attempts: 1 });
  expect((await api.bob.call('GET', '/v1/inbox-messages')).body.items).toEqual([]);
});
