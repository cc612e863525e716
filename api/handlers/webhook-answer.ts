import type { z } from 'zod';
import { detectContentType } from '../../domain/detect-content-type';
import type { StoredWebhook, webhookSchema } from '../../schemas/webhook';

/** A webhook as it is shown, with what its body will be sent as. */
export const showWebhook = (webhook: StoredWebhook): z.input<typeof webhookSchema> => ({
  id: webhook._id,
  settings: webhook.settings,
  status: webhook.status ?? 'active',
  statusReason: webhook.statusReason ?? null,
  revision: webhook.revision,
  contentType: detectContentType(webhook.settings.body, webhook.settings.headers).contentType,
  createdAt: webhook.createdAt.toISOString(),
  updatedAt: webhook.updatedAt.toISOString(),
});
