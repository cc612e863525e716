import type { Field } from '../schemas/field';
import { MAIL_ADDRESS, type MessageKind, type MessageSettings } from '../schemas/message';
import type { ObjectType } from '../schemas/object-type';
import { type MergeRecord, makeMergeSource } from './merge-values';
import { renderTemplate } from './render-template';

const BODY_LENGTH_MAX = 1_048_576;

/** A message as it is sent. An SMS has no subject, and is plain. */
export interface WrittenMessage {
  to: string;
  subject: string;
  format: 'plain' | 'html';
  body: string;
}

/** The field that a message goes to where nothing else is said: the first one of its type. @throws never */
export const findOwnAddress = ({ fields }: ObjectType, kind: MessageKind): Field | undefined =>
  fields.find(({ type }) => type === kind);

/**
 * A message with the record's values filled in.
 *
 * @param recipient template of the address; null sends to the record itself
 * @returns a problem (a sentence) when it cannot be sent
 * @throws never
 * @source docs/messages.md
 */
export function renderMessage(
  settings: MessageSettings,
  recipient: string | null,
  record: MergeRecord,
  objectType: ObjectType,
): WrittenMessage | { problem: string } {
  const source = makeMergeSource(record, objectType);
  const own = findOwnAddress(objectType, settings.kind);
  const value = own && record.fields[own.id];
  const written = recipient === null ? String(value ?? '') : renderTemplate(recipient, source, 'text');
  const to = written.replace(/\p{Cc}+/gu, ' ').trim();
  if (to === '') return { problem: `the record has no ${settings.kind === 'email' ? 'e-mail address' : 'SMS number'}` };
  if (settings.kind === 'email' && !MAIL_ADDRESS.test(to))
    return { problem: `"${to.slice(0, 100)}" is no e-mail address` };

  const isHtml = settings.kind === 'email' && settings.format === 'html';
  const body = renderTemplate(settings.body, source, isHtml ? 'xml' : 'text');
  if (body.length > BODY_LENGTH_MAX)
    return { problem: `with its values it has ${body.length} characters; at most ${BODY_LENGTH_MAX} can be sent` };
  const subject = settings.kind === 'email' ? renderTemplate(settings.subject, source, 'header').trim() : '';
  return { to, subject, format: isHtml ? 'html' : 'plain', body };
}
