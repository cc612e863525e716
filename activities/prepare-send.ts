import { checkUrl } from '../domain/check-url';
import { renderEdited } from '../domain/render-edited';
import { type RenderedRequest, renderRequest } from '../domain/render-request';
import type { ObjectType } from '../schemas/object-type';
import type { StoredWebhook, WebhookSettings } from '../schemas/webhook';
import { findStanding } from '../store/deliveries';
import { type AttemptKey, beginAttempt } from '../store/delivery-attempts';
import { findRecord } from '../store/records';
import { findWebhook } from '../store/webhooks';
import { addSms } from './add-sms';
import { addVanished, type Journal, mergeJournals, shorten } from './attempt-journal';
import type { Dependencies } from './dependencies';
import { type OpenedSecrets, openSecrets } from './open-secrets';
import { readMergeRecord } from './read-merge-record';
import { restorePayload } from './restore-payload';
import type { SendInput, SendResult } from './send-webhook';

/** Everything an attempt needs to leave; `request` is null when it cannot be sent, with the reason in `problem`. */
export interface Ready {
  kind: 'ready';
  key: AttemptKey;
  journal: Journal;
  /** Attempts that the log has already, as `call.attempt` */
  loggedAttempts: ReadonlySet<string>;
  deliveryId: string;
  /** 0, or which replay the attempt belongs to */
  replay: number;
  webhook: StoredWebhook | null;
  /** Whose fields the answer may be mapped into; unset when nothing is sent */
  objectType?: ObjectType;
  request: RenderedRequest | null;
  /** What signs the request and what the log masks; null without a request */
  secrets: OpenedSecrets | null;
  problem: string | null;
  /** Reads once more whether no newer attempt has begun and the delivery is open */
  isStillMine(): Promise<boolean>;
}
export type Prepared = Ready | SendResult;

const OWN_FAULT_WAIT_MS = 2000;

/** Our own fault: it comes back, and no attempt is used. */
export const notReady = (journal: Journal): SendResult => ({
  kind: 'not-yet',
  waitMs: OWN_FAULT_WAIT_MS,
  isOwnFault: true,
  journal: journal.map(shorten),
});

/**
 * Says that this attempt begins, takes stock of those before it, and renders the request from the record as it is now; a
 * payload that was rendered when its event came is sent as it stands.
 *
 * @throws MongoDB's errors, AppError `secret.unreadable`
 */
export async function prepareSend(
  deps: Dependencies,
  input: SendInput,
  at: { attempt: number; journal: Journal },
): Promise<Prepared> {
  const { db } = deps;
  const key: AttemptKey = { call: input.call, attempt: at.attempt };
  const begun = await beginAttempt(db, input.deliveryId, key);
  // An open row never goes by itself: the log was lost. Until it is made again, nothing is sent, and nothing given up.
  if (!begun) return notReady(at.journal);
  const { row } = begun;
  const round = row.round ?? { number: 0, firstCall: 0 };
  const known = mergeJournals(
    row.attempts.filter((line) => line.call >= round.firstCall),
    at.journal,
  );
  const journal = addVanished(
    known,
    key,
    (attempt) => begun.before.call === key.call && begun.before.attempt >= attempt,
  );
  if (row.status === 'delivered')
    return { kind: 'delivered', status: row.responseStatus ?? 200, journal: journal.map(shorten), isLogged: true };
  if (!begun.isMine) return { kind: 'stopped', journal: journal.map(shorten) };

  const { accountId, webhookId } = input;
  const [webhook, record] = await Promise.all([
    findWebhook(db, { accountId, webhookId }),
    findRecord(db, { accountId, recordId: begun.row.recordId }),
  ]);
  const ready: Omit<Ready, 'request' | 'problem'> = {
    kind: 'ready',
    secrets: null,
    key,
    journal,
    loggedAttempts: new Set(begun.row.attempts.map((line) => `${line.call}.${line.temporalAttempt}`)),
    deliveryId: input.deliveryId,
    replay: round.number,
    webhook,
    isStillMine: async () => {
      const current = await findStanding(db, input.deliveryId);
      return (
        current?.status === 'sending' && current.newest.call === key.call && current.newest.attempt === key.attempt
      );
    },
  };
  if (!webhook) return { ...ready, request: null, problem: 'the webhook was deleted' };
  const told = await restorePayload(db, begun.row, record);
  if (told && 'problem' in told) return { ...ready, request: null, problem: told.problem };
  if (!record && !told) return { ...ready, request: null, problem: 'the record was deleted' };
  const { objectTypeId } = begun.row;
  const { account, objectType } = await deps.frames.read({ accountId, objectTypeId, editedAt: webhook.updatedAt });
  const secrets = await openSecrets(deps, webhook);
  if (secrets.problem) return { ...ready, request: null, problem: secrets.problem };
  const { override, source } = begun.row;
  const settings = told && !override ? typedAs(secrets.settings, told.contentType) : secrets.settings;
  const opened = { ...webhook, settings };
  const positionId = source.type === 'map' ? source.positionId : null;
  const written = override ?? (told ? { url: opened.settings.url, body: told.payload } : null);
  const own = record && (await readMergeRecord(deps, { webhook: opened, record, objectType, positionId }));
  const merged = own && (await addSms(db, source, own));
  if (own && !merged) return { ...ready, request: null, problem: 'the text of the SMS is not kept any more' };
  const from: Parameters<typeof renderRequest> = [
    opened.settings,
    merged,
    objectType,
    { id: input.deliveryId, attemptNumber: journal.length + 1 },
  ];
  const rendered = written ? renderEdited(written, ...from) : renderRequest(...from);
  if (rendered.request === null) return { ...ready, request: null, problem: rendered.problem };
  const refused = checkUrl(rendered.request.url, { allowHttp: account?.settings.allowHttp ?? false });
  return { ...ready, objectType, request: refused ? null : rendered.request, secrets, problem: refused };
}

const typedAs = (settings: WebhookSettings, contentType: string): WebhookSettings => ({
  ...settings,
  headers: [{ name: 'Content-Type', value: contentType }, ...settings.headers],
});
