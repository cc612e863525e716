import type { z } from 'zod';
import {
  accountEdit,
  accountSchema,
  FEATURES_DEFAULT,
  RETENTION_DEFAULT,
  type StoredAccount,
} from '../../schemas/account';
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
    features: account.settings.features ?? FEATURES_DEFAULT,
  },
  createdAt: account.createdAt.toISOString(),
});

/** What is there, with what is given. */
const merge = <T extends object>(current: T, given: { [K in keyof T]?: T[K] | undefined } = {}): T => ({
  ...current,
  ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
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
hour; what was removed does not come back. Rules act while their feature is on.`,
    body: accountEdit,
    example: { settings: { retention: { bodyDays: 30, rowDays: 90 }, features: { globalRules: true } } },
    response: accountSchema,
    handler: async ({ db }, { account, body }, session) => {
      const current = await getAccount(db, account._id, session);
      const retention = merge(current.settings.retention ?? RETENTION_DEFAULT, body.settings?.retention);
      const features = merge(current.settings.features ?? FEATURES_DEFAULT, body.settings?.features);
      if (retention.bodyDays > retention.rowDays)
        throw invalid({
          path: 'settings.retention.bodyDays',
          message: `is ${retention.bodyDays}, and must be at most rowDays, which is ${retention.rowDays}`,
        });
      const name = body.name ?? current.name;
      await saveAccountEdit(db, session, { accountId: account._id, name, retention, features });
      return showAccount({ ...current, name, settings: { ...current.settings, retention, features } });
    },
  }),
];
