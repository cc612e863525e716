import { expect, test } from '@jest/globals';
import { webhookSettings } from '../schemas/webhook';
import { SETTINGS } from './config';

const DEAD_WEBHOOKS = 50;

test('one worker process can hold all requests of 50 webhooks at full rate whose receivers never answer', () => {
  const { requestsPerMinute, timeoutSeconds } = webhookSettings.parse({ name: 'Dead', url: 'https://example.com' });
  const inFlight = (requestsPerMinute / 60) * timeoutSeconds;
  expect(Number(SETTINGS.WEBHOOK_SLOTS.default)).toBeGreaterThanOrEqual(DEAD_WEBHOOKS * inFlight);
});
