import { loadConfig, requireSettings } from '../lib/config';
import { openKeyRing } from '../lib/secrets/key-ring';
import { openDatabase } from '../store/database';
import { resealInbounds } from '../store/inbound-secrets';
import { resealWebhooks } from '../store/webhook-secrets';

/** `hookline secrets rotate`: seals every stored secret with the first key of `SECRET_KEYS`. Fails when one stays unreadable. */
export async function rotateSecretsCommand(): Promise<void> {
  const config = requireSettings(loadConfig(), 'MONGODB_URL', 'SECRET_KEYS');
  const keys = openKeyRing(config.SECRET_KEYS);
  const db = await openDatabase(config.MONGODB_URL);
  try {
    const webhooks = await resealWebhooks(db, keys);
    const same = webhooks.webhooks - webhooks.changed - webhooks.unreadable.length;
    console.log(
      `${webhooks.webhooks} webhooks: ${webhooks.changed} sealed anew with key "${keys.currentId}", ${same} were so already.`,
    );
    const sources = await resealInbounds(db, keys);
    if (sources.inbounds > 0)
      console.log(`${sources.inbounds} sources of inbound webhooks with a secret: ${sources.changed} sealed anew.`);
    const unreadable = [...webhooks.unreadable, ...sources.unreadable];
    if (unreadable.length > 0)
      throw new Error(
        `${unreadable.length} cannot be opened by any key of SECRET_KEYS, and stay as they are: ${unreadable.slice(0, 20).join(', ')}`,
      );
    console.log('Workflows that began before keep payloads of the older keys: leave those keys in SECRET_KEYS.');
  } finally {
    await db.close();
  }
}
