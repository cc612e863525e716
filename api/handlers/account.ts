import type { z } from 'zod';
import { accountEdit, accountSchema, RETENTION_DEFAULT, type StoredAccount } from '../../schemas/account';
import { getAccount, saveAccountEdit } from '../../store/accounts';
import { invalid } from '../problem';
import { readRoute, writeRoute } from '../route';

const common = { scope: 'key', tag: 'Account', path: '/v1/account' } as const;

const showAccount = (account: StoredAccount): z.input<typeof accountSchema> => ({
  id: account._id,
  name: account.name,
  appId: account.appId,
  settings: {
    allowHttp: account.settings.allowHttp,
    retention: account.settings.retention ?? RETENTION_DEFAULT,
  },
  createdAt: account.createdAt.toISOString(),
});

/** The account of the key that calls. */
export const accountRoutes = [
  readRoute({
    ...common,
    method: 'get',
    summary: 'Get the account and its settings',
    response: accountSchema,
    handler: async ({ db }, { account }) => showAccount(await getAccount(db, account._id)),
  }),
  writeRoute({
    ...common,
    method: 'patch',
    summary: 'Change the account',
    description: `What is not given stays as it is. A changed retention holds for the rows that are there too, within the
hour; what was removed does not come back.`,
    body: accountEdit,
    example: { settings: { retention: { bodyDays: 30, rowDays: 90 } } },
    response: accountSchema,
    handler: async ({ db }, { account, body }, session) => {
      const current = await getAccount(db, account._id, session);
      const given = Object.entries(body.settings?.retention ?? {}).filter(([, days]) => days !== undefined);
      const retention = { ...(current.settings.retention ?? RETENTION_DEFAULT), ...Object.fromEntries(given) };
      if (retention.bodyDays > retention.rowDays)
        throw invalid({
          path: 'settings.retention.bodyDays',
          message: `is ${retention.bodyDays}, and must be at most rowDays, which is ${retention.rowDays}`,
        });
      const name = body.name ?? current.name;
      await saveAccountEdit(db, session, { accountId: account._id, name, retention });
      return showAccount({ ...current, name, settings: { ...current.settings, retention } });
    },
  }),
];
