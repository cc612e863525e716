import type { z } from 'zod';
import { hashText } from '../../lib/ids';
import { newSigning, sealRow } from '../../lib/secrets/webhook-secrets';
import type { MapDrawing } from '../../schemas/automation-map';
import type { Fact } from '../../schemas/event';
import type { FieldValues } from '../../schemas/field';
import type { TagId, WebhookId } from '../../schemas/ids';
import type { StoredRecord } from '../../schemas/record';
import { webhookSettings } from '../../schemas/webhook';
import { transaction } from '../../store/database';
import { insertMap } from '../../store/maps';
import { publishVersion } from '../../store/publish-version';
import { insertRecord } from '../../store/records';
import { saveTagsByName } from '../../store/tags';
import { insertWebhook } from '../../store/webhooks';
import type { TestSystem } from './open-system';

type Made = Pick<TestSystem, 'db' | 'account' | 'pump' | 'keys'>;
const accountOf = (system: Made) => system.account.account._id;

/** A webhook with the settings given and the defaults of the rest. */
export const makeWebhook = async (
  system: Made,
  settings: Partial<z.input<typeof webhookSettings>> & { url: string },
): Promise<WebhookId> => {
  const whole = webhookSettings.parse({ name: 'Send to CRM', body: '{"name":"[First Name]"}', ...settings });
  const [accountId, { keys }] = [accountOf(system), system];
  const sealed = { ...whole, headers: whole.headers.map((row) => sealRow(keys, accountId, row)) };
  const { signing } = newSigning(keys, accountId);
  const stored = await transaction(system.db, (session) =>
    insertWebhook(system.db, session, { accountId, settings: sealed, signing }),
  );
  return stored._id;
};

/** Ids of tags by name, created when missing. */
export const makeTags = async (system: Made, ...names: string[]): Promise<TagId[]> => {
  const tags = await transaction(system.db, (session) =>
    saveTagsByName(system.db, session, { accountId: accountOf(system), names }),
  );
  return tags.map(({ _id }) => _id);
};

/** A published map. */
export async function makeMap(
  system: Made,
  drawing: MapDrawing,
  name = 'Test map',
): Promise<{ mapId: Awaited<ReturnType<typeof insertMap>>['_id'] }> {
  const { db } = system;
  const accountId = accountOf(system);
  return transaction(db, async (session) => {
    const { _id: mapId } = await insertMap(db, session, { accountId, name, objectTypeId: 0, draft: drawing });
    const hash = hashText(JSON.stringify(drawing));
    await publishVersion(db, session, { accountId, mapId, number: 1, hash, note: '', drawing });
    return { mapId };
  });
}

/** A record with its facts, as the API makes it. */
export async function makeRecord(system: Made, fields: FieldValues = {}, tagIds: TagId[] = []): Promise<StoredRecord> {
  const facts: Fact[] = [{ type: 'record.created' }, ...tagIds.map((tagId): Fact => ({ type: 'tag.added', tagId }))];
  const record = await transaction(system.db, (session) =>
    insertRecord(system.db, session, { accountId: accountOf(system), objectTypeId: 0, fields, tagIds, facts }),
  );
  system.pump.nudge();
  return record;
}

/** trigger (tag added) → webhook → end */
export const tagToWebhook = (tagId: TagId, webhookId: WebhookId): MapDrawing => ({
  settings: { reentry: 'once' },
  elements: [
    { id: 'start', kind: 'trigger', title: 'Customer', settings: { events: [{ type: 'tag.added', tagId }] } },
    { id: 'send', kind: 'webhook', title: 'Send to CRM', settings: { webhookId, onFailure: 'continue' } },
    { id: 'end', kind: 'end', title: '', settings: {} },
  ],
  edges: [
    { from: 'start', port: 'next', to: 'send' },
    { from: 'send', port: 'next', to: 'end' },
  ],
});
