import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newSecretKey } from '../lib/secrets/parse-keys';
import { openText, sealText } from '../lib/secrets/seal';
import type { AccountId } from '../schemas/ids';
import { inboundSettings } from '../schemas/inbound';
import { testKeys } from '../tests/servers/open-system';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { checkSecretKeys } from './check-secret-keys';
import { transaction } from './database';
import { resealInbounds } from './inbound-secrets';
import { getInbound, insertInbound } from './inbounds';

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened.close());

test('the secret of every source is sealed anew with the first key; one that no key opens stays and is told', async () => {
  const [OLD, NEW, LOST] = [newSecretKey('old'), newSecretKey('new'), newSecretKey('lost')];
  const of = { accountId: 'acc_00000000000000000000000001' as AccountId, purpose: 'inbound.secret' } as const;
  const { accountId } = of;
  const settings = inboundSettings.parse({ name: 'x', mapping: [{ path: 'email', fieldId: 'email' }] });
  const insert = (sealedSecret: string | null) =>
    transaction(opened.db, (session) => insertInbound(opened.db, session, { accountId, settings, sealedSecret }));
  const { _id: inboundId } = await insert(sealText(testKeys(OLD), 'shared secret', of));
  const lost = await insert(sealText(testKeys(LOST), 'shared secret', of));
  await insert(null);

  const both = testKeys(`${NEW},${OLD}`);
  const unreadable = [lost._id];
  expect(await resealInbounds(opened.db, both)).toEqual({ inbounds: 2, changed: 1, unreadable });
  const { sealedSecret } = await getInbound(opened.db, { accountId, inboundId });
  expect(openText(testKeys(NEW), sealedSecret ?? '', of)).toBe('shared secret');
  expect(await resealInbounds(opened.db, both)).toEqual({ inbounds: 2, changed: 0, unreadable });
  await expect(checkSecretKeys(opened.db, both)).rejects.toThrow('lacks the key "lost"');
});
