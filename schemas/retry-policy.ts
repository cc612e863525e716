import { z } from 'zod';

/**
 * Which failures are tried again. `auto` is the table of outcomes; `all` is every failure but 410 and what can never
 * work; `custom` names them. What a custom expression may say is checked by `parseRetryExpression`. Source:
 * docs/delivery.md, "Outcomes".
 */
export const retryPolicySchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('auto') }),
    z.object({ kind: z.literal('all') }),
    z.object({
      kind: z.literal('custom'),
      statuses: z
        .string()
        .trim()
        .min(1)
        .max(500)
        .meta({
          description:
            'Statuses to retry, with commas between: 503, 5xx, 500-504; "!" in front excludes and wins. Failures without an answer: timeout, dns, connect, tls; when none of them is named they are retried as with "auto"',
          examples: ['5xx,429,!501', '5xx,408,429,timeout'],
        }),
    }),
  ])
  .meta({ id: 'RetryPolicy' });
export type RetryPolicy = z.output<typeof retryPolicySchema>;

/** Failures without an answer that an expression may name. */
export const NAMED_FAILURES = ['timeout', 'dns', 'connect', 'tls'] as const;
export type NamedFailure = (typeof NAMED_FAILURES)[number];
