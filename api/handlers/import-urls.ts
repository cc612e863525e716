import type { StoredAccount } from '../../schemas/account';
import type { WebhookId } from '../../schemas/ids';
import { type WebhookSettings, webhookSettings } from '../../schemas/webhook';
import type { Session } from '../../store/database';
import type { Api } from '../parts';
import { checkSettings } from './check-settings';
import { importWebhook } from './import-webhook';

type Made = Awaited<ReturnType<typeof importWebhook>>;

/**
 * Webhooks for the bare URLs of an imported map.
 *
 * @param given.urls titles by URL
 * @returns the webhooks made, and for each URL its webhook or why it cannot have one
 */
export async function importUrls(
  api: Pick<Api, 'db' | 'keys' | 'isHostBlocked'>,
  session: Session,
  given: { account: StoredAccount; objectTypeId: number; urls: ReadonlyMap<string, string> },
): Promise<{ made: Made[]; found: Map<string, { value: WebhookId } | { problem: string }> }> {
  const { account, objectTypeId } = given;
  const made: Made[] = [];
  const found = new Map<string, { value: WebhookId } | { problem: string }>();
  const settings: WebhookSettings[] = [];
  for (const [url, title] of given.urls) {
    const parsed = webhookSettings.safeParse({ name: title.trim() || url.slice(0, 100), url, objectTypeId });
    if (parsed.success) settings.push(parsed.data);
    else found.set(url, { problem: `its URL ${parsed.error.issues[0]?.message ?? 'is not right'}` });
  }
  const problems = await checkSettings(api, session, account, settings);
  for (const [index, one] of settings.entries()) {
    const [problem] = problems[index] ?? [];
    if (problem) found.set(one.url, { problem: `its URL ${problem.message}` });
    else {
      const webhook = await importWebhook(api.db, session, { keys: api.keys, accountId: account._id, settings: one });
      made.push(webhook);
      found.set(one.url, { value: webhook.id });
    }
  }
  return { made, found };
}
