import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** An e-mail that was offered. `text` is the whole of it, with its headers. */
export interface ArrivedMail {
  from: string;
  to: string[];
  text: string;
}

/** A stranger's SMTP server: keeps what is offered, and takes it or not as told. */
export interface MailServer {
  url: string;
  arrivals: ArrivedMail[];
  /** SMTP code of the answer: 250 takes it, 4xx puts off, 5xx refuses */
  answer: (mail: ArrivedMail) => number | Promise<number>;
  close(): Promise<void>;
}

/** Opens an SMTP server on a free port of loopback; it takes everything until told otherwise. */
export async function openMailServer(answer: MailServer['answer'] = () => 250): Promise<MailServer> {
  const mails: MailServer = { url: '', arrivals: [], answer, close: async () => undefined };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        const to = envelope.rcptTo.map(({ address }) => address);
        const mail = { from, to, text: Buffer.concat(chunks).toString().replaceAll('\r\n', '\n') };
        mails.arrivals.push(mail);
        const responseCode = await mails.answer(mail);
        done(responseCode < 300 ? null : Object.assign(new Error(`told to say ${responseCode}`), { responseCode }));
      });
    },
  });
  server.on('error', () => undefined); // a client that goes away is none of ours
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  mails.url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  mails.close = () => new Promise((resolve) => server.close(() => resolve()));
  return mails;
}
