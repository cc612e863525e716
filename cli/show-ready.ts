import { resolve } from 'node:path';
import type { Caller } from './api-client';
import type { LocalAccount } from './local-account';

/** Tells the person where everything is, and the one line that makes a record enter the map. */
export function showReady(
  say: (line: string) => void,
  ready: { caller: Caller; account: LocalAccount; imported: string | null; uiUrl: string | undefined; dataDir: string },
): void {
  const { caller, account } = ready;
  // Later starts don't print the key; the shell takes it from where it is kept.
  const key = account.isNew
    ? `'Api-Key: ${caller.apiKey}'`
    : `"Api-Key: $(node -p 'require("${resolve(ready.dataDir, 'hookline.json')}").apiKey')"`;
  const headers = `-H ${key} -H 'Api-Appid: ${caller.appId}'`;
  const body = JSON.stringify({
    fields: { firstname: 'Ada', lastname: 'Lovelace', email: 'ada@example.com' },
    tags: ['Customer'],
  });
  const lines = [
    '',
    'Hookline is ready.',
    '',
    `  API              ${caller.address}/v1`,
    `  Live API docs    ${caller.address}/docs`,
    ...(ready.uiUrl ? [`  Temporal Web UI  ${ready.uiUrl}`] : []),
    `  Inbox            ${caller.address}/inbox/${account.inboxToken}`,
    '',
    ...(account.isNew
      ? ['Your account (kept in the data folder, shown this once):']
      : [`Your account (from ${ready.dataDir}):`]),
    `  Api-Key    ${account.isNew ? caller.apiKey : `${caller.apiKey.slice(0, 5)}…`}`,
    `  Api-Appid  ${caller.appId}`,
    '',
    ...(ready.imported ? [`The map "${ready.imported}" is live.`] : []),
    'Make a record enter the map:',
    '',
    `  curl -X POST ${caller.address}/v1/records ${headers} -H 'Content-Type: application/json' -d '${body}'`,
    '',
    'and look at the webhook log:',
    '',
    `  curl ${caller.address}/v1/deliveries ${headers}`,
    '',
    'or run "npm run demo" in another terminal. Ctrl+C stops everything.',
  ];
  for (const line of lines) say(line);
}
