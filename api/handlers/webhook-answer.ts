import type { z } from 'zod';
import { detectContentType } from '../../domain/detect-content-type';
import { now } from '../../lib/clock';
import { type HeaderRow, isSecretRow, type shownHeaderRow } from '../../schemas/header-row';
import type { StoredWebhook, webhookSchema } from '../../schemas/webhook';

/** A webhook as it is shown: no secrets, and what its body will be sent as. */
export const showWebhook = (webhook: StoredWebhook): z.input<typeof webhookSchema> => {
  const { _id: id, number, settings, status = 'active', statusReason = null, revision, signing, ...times } = webhook;
  const until = signing?.previous?.until ?? null;
  return {
    id,
    number,
    settings: { ...settings, headers: settings.headers.map(showRow) },
    status,
    statusReason,
    revision,
    oldSecretUntil: until && until > now() ? until.toISOString() : null,
    contentType: detectContentType(settings.body, settings.headers).contentType,
    createdAt: times.createdAt.toISOString(),
    updatedAt: times.updatedAt.toISOString(),
  };
};

const showRow = (row: HeaderRow): z.input<typeof shownHeaderRow> =>
  isSecretRow(row)
    ? { name: row.name, isSecret: true, hasValue: row.value !== '' }
    : { name: row.name, value: row.value, isSecret: false };
