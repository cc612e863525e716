import { createTransport } from 'nodemailer';
import type { Config } from '../config';
import { AppError } from '../errors';

/** One e-mail to one recipient. */
export interface Mail {
  /** The same for every attempt: becomes the Message-ID */
  id: string;
  to: string;
  subject: string;
  format: 'plain' | 'html';
  body: string;
  /** Further headers */
  headers: Record<string, string>;
}

/** `deferred`: another attempt may succeed; `refused`: the server will never take it. */
export type MailOutcome = { kind: 'sent' } | { kind: 'deferred' | 'refused'; error: string };

export interface Mailer {
  /** Name behind the @ of every Message-ID */
  domain: string;
  /** One attempt, at most about a minute. @throws never */
  send(mail: Mail): Promise<MailOutcome>;
}

const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;

/**
 * Sends e-mail to the SMTP server of the settings, over a connection for each.
 *
 * @returns null where no server is set
 * @throws AppError `setting.invalid` when the sender is not set
 */
export function openMailer({ SMTP_URL: url, MAIL_FROM: from }: Pick<Config, 'SMTP_URL' | 'MAIL_FROM'>): Mailer | null {
  if (url === undefined) return null;
  if (from === undefined)
    throw new AppError('setting.invalid', { detail: 'MAIL_FROM: must be set when SMTP_URL is set' });
  const transport = createTransport({
    url,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    dnsTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = /@([^\s>]+)/.exec(from)?.[1] ?? 'localhost';
  return {
    domain,
    async send({ id, to, subject, format, body, headers }) {
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          subject,
          ...(format === 'html' ? { html: body } : { text: body }),
          messageId: `<${id}@${domain}>`,
          headers,
        });
        return { kind: 'sent' };
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}

/** Refused for ever: 5xx about this mail. Of a login that is refused the operator is to hear, and the mail waits. */
function outcomeOf(error: unknown): MailOutcome {
  const { code, responseCode, response, message } = error as {
    code?: unknown;
    responseCode?: unknown;
    response?: unknown;
    message?: string;
  };
  const isOurs = code === 'EAUTH' || code === 'ENOAUTH' || code === 'EOAUTH2';
  const isAnswer = typeof responseCode === 'number';
  const isFinal = !isOurs && (isAnswer ? responseCode >= 500 : code === 'EENVELOPE' || code === 'EMESSAGE');
  const said = isAnswer && typeof response === 'string' ? response : (message ?? String(code));
  return { kind: isFinal ? 'refused' : 'deferred', error: said.replace(/\s+/g, ' ').slice(0, 500) };
}
