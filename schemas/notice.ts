import { z } from 'zod';
import { type AccountId, idSchema, type NoticeId, type WebhookId } from './ids';
import { pageQuery } from './page';

/** What a person should hear about a webhook. Source: docs/delivery.md D15. */
export const NOTICE_KINDS = ['breaker-opened', 'failing', 'disabled', 'paused', 'resumed'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** A notice, kept for 90 days. */
export interface StoredNotice {
  _id: NoticeId;
  accountId: AccountId;
  webhookId: WebhookId;
  kind: NoticeKind;
  sentence: string;
  at: Date;
  expireAt: Date;
}

export const noticeSchema = z
  .object({
    id: idSchema('notice'),
    webhookId: idSchema('webhook'),
    kind: z.enum(NOTICE_KINDS),
    sentence: z.string(),
    at: z.iso.datetime(),
  })
  .meta({ id: 'Notice' });

export const noticeListQuery = pageQuery.extend({ webhookId: idSchema('webhook').optional() });
