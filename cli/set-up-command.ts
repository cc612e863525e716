import { loadConfig, requireSettings } from '../lib/config';
import { hasAccounts } from '../store/accounts';
import { bootstrapAccount } from '../store/bootstrap-account';
import { openDatabase } from '../store/database';
import { setUp } from './set-up';

/** `hookline setup`: prepares the servers that the settings name, and makes the first account of an empty database. */
export async function setUpCommand(): Promise<void> {
  const config = requireSettings(loadConfig(), 'MONGODB_URL', 'TEMPORAL_ADDRESS', 'API_KEY_PEPPER', 'SECRET_KEYS');
  const db = await openDatabase(config.MONGODB_URL);
  try {
    for (const sentence of await setUp(db, config)) console.log(`Warning: ${sentence}`);
    if (await hasAccounts(db)) return console.log('MongoDB and Temporal are prepared.');
    const { account, apiKey } = await bootstrapAccount(db, {
      name: 'My account',
      pepper: config.API_KEY_PEPPER,
      allowHttp: false,
    });
    console.log(
      `MongoDB and Temporal are prepared. The first account, shown this once:\n  Api-Key    ${apiKey}\n  Api-Appid  ${account.appId}`,
    );
  } finally {
    await db.close();
  }
}
