import type { z } from 'zod';
import { findTimezone } from '../../domain/local-day';
import {
  accountEdit,
  accountSchema,
  CLOCK_DEFAULT,
  FEATURES_DEFAULT,
  RETENTION_DEFAULT,
  type StoredAccount,
} from '../../schemas/account';
import type { AccountId, WebhookId } from '../../schemas/ids';
import { getAccount, saveAccountEdit } from '../../store/accounts';
import type { Database, Session } from '../../store/database';
import { lockWebhookUse } from '../../store/locks';
import { findWebhook } from '../../store/webhooks';
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
    timezone: account.settings.timezone ?? CLOCK_DEFAULT.timezone,
    dateHour: account.settings.dateHour ?? CLOCK_DEFAULT.dateHour,
    settleSeconds: account.settings.settleSeconds ?? CLOCK_DEFAULT.settleSeconds,
    smsWebhookId: account.settings.smsWebhookId ?? null,
  },
  createdAt: account.createdAt.toISOString(),
});

/** What is there, with what is given. */
const merge = <T extends object>(current: T, given: { [K in keyof T]?: T[K] | undefined } = {}): T => ({
  ...current,
  ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
});
type Clock = Pick<StoredAccount['settings'], 'timezone' | 'dateHour' | 'settleSeconds'>;

/** The settings of time that are given. @throws AppError `request.invalid` for a zone that nobody knows */
function readClock(given: NonNullable<z.output<typeof accountEdit>['settings']>): Clock {
  const timezone = given.timezone === undefined ? undefined : findTimezone(given.timezone);
  if (timezone === null)
    throw invalid({
      path: 'settings.timezone',
      message: 'is no time zone; it must be an IANA name such as America/New_York, or UTC',
    });
  return {
    ...(timezone === undefined ? {} : { timezone }),
    ...(given.dateHour === undefined ? {} : { dateHour: given.dateHour }),
    ...(given.settleSeconds === undefined ? {} : { settleSeconds: given.settleSeconds }),
  };
}

/** The webhook for SMS, where it is given. @throws AppError `request.invalid` when there is none */
async function readGateway(
  db: Database,
  session: Session,
  given: { accountId: AccountId; smsWebhookId?: WebhookId | null | undefined },
): Promise<{ smsWebhookId?: WebhookId | null }> {
  const { accountId, smsWebhookId } = given;
  if (smsWebhookId === undefined || smsWebhookId === null) return smsWebhookId === null ? { smsWebhookId } : {};
  await lockWebhookUse(db, session, accountId);
  const webhook = await findWebhook(db, { accountId, webhookId: smsWebhookId }, session);
  if (!webhook || webhook.owner)
    throw invalid({ path: 'settings.smsWebhookId', message: 'is no webhook of the account; create one first' });
  return { smsWebhookId };
}

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
hour; what was removed does not come back. Rules act while their feature is on. A changed zone or hour of dates holds
from the next full hour of that kind on.`,
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
      const clock = readClock(body.settings ?? {});
      const gateway = await readGateway(db, session, { accountId: account._id, ...body.settings });
      const settings = { retention, features, ...clock, ...gateway };
      await saveAccountEdit(db, session, { accountId: account._id, name, ...settings });
      return showAccount({ ...current, name, settings: { ...current.settings, ...settings } });
    },
  }),
];
