import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Caller, callApi } from './api-client';

/** The prebuilt map stands beside the sources, and beside `dist` in an installation. */
const EXAMPLE = ['..', '../..'].map((up) => join(__dirname, up, 'examples', 'send-customer-to-crm.json'));

/**
 * Imports and publishes the prebuilt map into an account that has no map yet, with the account's inbox as receiver.
 *
 * @returns the name of the map, or null when the account has maps already
 */
export async function importExample(caller: Caller, inboxToken: string): Promise<string | null> {
  const { items } = await callApi<{ items: unknown[] }>(caller, 'GET', '/v1/maps?limit=1');
  if (items.length > 0) return null;
  const text = readExample().replaceAll('https://example.com', `${caller.address}/inbox/${inboxToken}`);
  const { id, name } = await callApi<{ id: string; name: string }>(caller, 'POST', '/v1/maps/import', JSON.parse(text));
  await callApi(caller, 'POST', `/v1/maps/${id}/publish`, { note: 'The prebuilt map' });
  return name;
}

function readExample(): string {
  for (const file of EXAMPLE) {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`the prebuilt map is not at ${EXAMPLE.join(' nor at ')}`);
}
