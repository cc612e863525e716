import type mongoose from 'mongoose';
import { now } from '../lib/clock';
import type { KeyRing } from '../lib/secrets/key-ring';
import { openText, sealedBy, sealText } from '../lib/secrets/seal';
import { newSigning, openRow, sealRow } from '../lib/secrets/webhook-secrets';
import { isSecretRow } from '../schemas/header-row';
import type { AccountId, WebhookId } from '../schemas/ids';
import type { StoredSigning, StoredWebhook } from '../schemas/webhook';
import type { Database, Session } from './database';
import { getWebhook, WEBHOOKS } from './webhooks';

const PAGE = 200;
/** Edits of one webhook that may come between reading and writing it */
const TRIES = 20;

/** What a run over all webhooks did. */
export interface Resealed {
  /** Looked at */
  webhooks: number;
  /** Of these, stored anew: sealed by another key, not sealed yet, or without a signing secret */
  changed: number;
  /** Ids of those with a value that no key of SECRET_KEYS opens; they are left as they are */
  unreadable: WebhookId[];
}

/**
 * Seals the secrets of every webhook with the first key, and makes a signing secret where there is none. Goes by pages;
 * may be repeated and run while everything else does: what is edited meanwhile is looked at again.
 *
 * @throws MongoDB's errors
 */
export async function resealWebhooks(db: Database, keys: KeyRing): Promise<Resealed> {
  const done: Resealed = { webhooks: 0, changed: 0, unreadable: [] };
  for (let after = ''; ; ) {
    const page = await db
      .model(WEBHOOKS)
      .find({ _id: { $gt: after as WebhookId } })
      .sort({ _id: 1 })
      .limit(PAGE)
      .lean<StoredWebhook[]>();
    for (const webhook of page) {
      const result = await resealOne(db, keys, webhook);
      done.webhooks++;
      if (result === 'changed') done.changed++;
      if (result === 'unreadable') done.unreadable.push(webhook._id);
    }
    const last = page.at(-1);
    if (!last) return done;
    after = last._id;
  }
}

type Result = 'current' | 'changed' | 'unreadable';

async function resealOne(db: Database, keys: KeyRing, webhook: StoredWebhook): Promise<Result> {
  let current: StoredWebhook | null = webhook;
  for (let tries = 0; current && tries < TRIES; tries++) {
    let sealed: Pick<StoredWebhook, 'settings' | 'signing'>;
    try {
      sealed = reseal(keys, current);
    } catch {
      return 'unreadable';
    }
    if (isCurrent(keys, current)) return 'current';
    const set = { 'settings.headers': sealed.settings.headers, signing: sealed.signing };
    const { matchedCount } = await db.model(WEBHOOKS).updateOne(unchanged(current), { $set: set });
    if (matchedCount === 1) return 'changed';
    current = await findAgain(db, current._id);
  }
  if (current) throw new Error(`webhook ${current._id} was edited each time it was to be sealed; run it again`);
  return 'current';
}

const findAgain = (db: Database, webhookId: WebhookId): Promise<StoredWebhook | null> =>
  db.model(WEBHOOKS).findById(webhookId).lean<StoredWebhook>();

/** Matches the webhook only as it was read. Without `$eq` an empty list would match nothing, and a list any of its items. */
const unchanged = ({ _id, settings, signing }: StoredWebhook): mongoose.QueryFilter<StoredWebhook> =>
  ({
    _id,
    'settings.headers': { $eq: settings.headers },
    signing: { $eq: signing ?? null },
  }) as mongoose.QueryFilter<StoredWebhook>;

const sealedTextsOf = ({ settings, signing }: StoredWebhook): string[] => [
  ...settings.headers.filter((row) => isSecretRow(row) && row.value !== '').map(({ value }) => value),
  ...(signing ? [signing.sealed] : []),
  ...(signing?.previous ? [signing.previous.sealed] : []),
];

const isCurrent = (keys: KeyRing, webhook: StoredWebhook): boolean =>
  webhook.signing !== undefined && sealedTextsOf(webhook).every((text) => sealedBy(text) === keys.currentId);

/** @throws AppError `secret.unreadable` */
function reseal(
  keys: KeyRing,
  { accountId, settings, signing }: StoredWebhook,
): Pick<StoredWebhook, 'settings' | 'signing'> {
  const headers = settings.headers.map((row) => sealRow(keys, accountId, openRow(keys, accountId, row)));
  const again = (sealed: string): string => {
    const of = { accountId, purpose: 'webhook.signing-secret' } as const;
    return sealText(keys, openText(keys, sealed, of), of);
  };
  const resealed: StoredSigning = signing
    ? {
        sealed: again(signing.sealed),
        previous: signing.previous && { ...signing.previous, sealed: again(signing.previous.sealed) },
      }
    : newSigning(keys, accountId).signing;
  return { settings: { ...settings, headers }, signing: resealed };
}

/** The webhook with a signing secret: one of before signatures gets it now. @throws MongoDB's errors */
export async function ensureSigning(db: Database, keys: KeyRing, webhook: StoredWebhook): Promise<StoredWebhook> {
  if (webhook.signing) return webhook;
  const { signing } = newSigning(keys, webhook.accountId);
  const { _id, accountId } = webhook;
  await db.model(WEBHOOKS).updateOne({ _id, signing: null } as object, { $set: { signing } });
  return getWebhook(db, { accountId, webhookId: _id });
}

/**
 * Gives a webhook a new signing secret; the one before it signs too until the overlap is over.
 *
 * @param of.overlapMs 0: the old one ends at once
 * @returns the webhook, and the new secret to be shown once
 * @throws AppError `webhook.not-found`
 */
export async function rotateSigning(
  db: Database,
  session: Session,
  of: { accountId: AccountId; webhookId: WebhookId; keys: KeyRing; overlapMs: number },
): Promise<{ webhook: StoredWebhook; secret: string }> {
  const before = await getWebhook(db, of, session);
  const { secret, signing } = newSigning(of.keys, of.accountId);
  const old = before.signing?.sealed;
  if (old && of.overlapMs > 0) signing.previous = { sealed: old, until: new Date(now().getTime() + of.overlapMs) };
  const updatedAt = now();
  await db.model(WEBHOOKS).updateOne({ _id: of.webhookId }, { $set: { signing, updatedAt } }, { session });
  return { webhook: { ...before, signing, updatedAt }, secret };
}
