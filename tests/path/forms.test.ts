import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MapDrawing } from '../../schemas/automation-map';
import type { FormOutcome } from '../../schemas/event';
import type { FormId, WebhookId } from '../../schemas/ids';
import { makeMap, makeWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { untilHandled } from '../servers/post';
import { until } from '../servers/until';

let api: TestApi;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
  api = await openTestApi({ isWorking: true });
});
afterAll(async () => {
  await api.close();
  await receiver.close();
});

/** trigger (form submitted with this outcome) → webhook → end */
const formToWebhook = (formId: FormId, outcome: FormOutcome, webhookId: WebhookId): MapDrawing => ({
  settings: { reentry: 'once' },
  elements: [
    { id: 'start', kind: 'trigger', title: '', settings: { events: [{ type: 'form.submitted', formId, outcome }] } },
    { id: 'send', kind: 'webhook', title: '', settings: { webhookId, onFailure: 'continue' } },
    { id: 'end', kind: 'end', title: '', settings: {} },
  ],
  edges: [
    { from: 'start', port: 'next', to: 'send' },
    { from: 'send', port: 'next', to: 'end' },
  ],
});

async function makeForm(settings: object = {}): Promise<{ formId: FormId; url: string }> {
  const fields = [{ fieldId: 'email', isRequired: true }, { fieldId: 'firstname' }];
  const { body } = await api.ada.call('POST', '/v1/forms', { settings: { name: 'Course', fields, ...settings } });
  for (const outcome of ['success', 'failure'] as const) {
    const webhookId = await makeWebhook(api.system, { url: `${receiver.url}/${body.number}/${outcome}` });
    await makeMap(api.system, formToWebhook(body.id, outcome, webhookId), `${outcome} ${body.number}`);
  }
  return { formId: body.id, url: `${api.url}${new URL(body.url).pathname}` };
}
const send = (url: string, values: Record<string, string>) =>
  fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams(values) });
const arrivedAt = (outcome: string) => receiver.arrivals.filter(({ path }) => path.endsWith(`/${outcome}`));

test('a form that anyone fills in starts the map, whose webhook arrives once with what was typed', async () => {
  const { url } = await makeForm();
  const html = await (await fetch(url)).text();
  const submission = /name="hl-submission" value="([\w-]+)"/.exec(html)?.[1] ?? '';
  const values = { email: 'ada@example.com', firstname: 'Ada "L"', 'hl-submission': submission };
  expect((await send(url, values)).status).toBe(303);
  expect((await send(url, values)).status).toBe(303);
  const arrival = await until('the webhook', () => receiver.arrivals[0]);
  expect(JSON.parse(arrival.body)).toEqual({ name: 'Ada "L"' });
  await untilHandled(api.system);
  expect(receiver.arrivals).toHaveLength(1);
});

test('an order form starts one map when the card is declined, and another when it is paid', async () => {
  receiver.arrivals.length = 0;
  const product = await api.ada.call('POST', '/v1/records', {
    objectTypeId: 16,
    fields: { name: 'Course', price: 49 },
  });
  const { url } = await makeForm({ order: { productId: product.body.id } });
  const pay = (card: string) => send(url, { email: 'buyer@example.com', firstname: 'Grace', 'hl-card': card });
  expect((await pay('4000000000000002')).status).toBe(402);
  await until('the webhook of the failure', () => arrivedAt('failure')[0]);
  expect(arrivedAt('success')).toEqual([]);
  expect((await pay('4242424242424242')).status).toBe(303);
  await until('the webhook of the success', () => arrivedAt('success')[0]);
  await untilHandled(api.system);
  expect(receiver.arrivals).toHaveLength(2);
});
