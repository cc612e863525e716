import { z } from 'zod';
import { secondsOf } from '../../domain/ontraport-value';
import { AppError } from '../../lib/errors';
import type { AccountId } from '../../schemas/ids';
import { messageSettings, type StoredMessage } from '../../schemas/message';
import type { Database, Session } from '../../store/database';
import { MESSAGES } from '../../store/messages';
import { findByNumber } from '../../store/numbers';
import { changeMessage, createMessage } from '../handlers/save-message';
import { invalid, parseGiven } from '../problem';
import { collectionRoutes } from './collection-routes';
import { decimalId, objectID, optional } from './parameters';
import type { Resource, Shown } from './resource';
import { alias, writeCall } from './route';

const tag = 'Messages';
const SHOWN = {
  id: '5',
  name: 'Welcome',
  type: 'email',
  object_type_id: '0',
  subject: 'Welcome, [First Name]',
  message_body: '<p>Dear [First Name],</p>',
  plaintext: '',
  date: '1767225600',
  dlm: '1767225600',
};

/** Ontraport keeps HTML and plain text apart; here a message is one of both. */
function showMessage({ number, settings, createdAt, updatedAt }: StoredMessage): Shown {
  const isHtml = settings.kind === 'email' && settings.format === 'html';
  return {
    id: String(number),
    name: settings.name,
    type: settings.kind,
    object_type_id: String(settings.objectTypeId),
    subject: settings.kind === 'email' ? settings.subject : '',
    message_body: isHtml ? settings.body : '',
    plaintext: isHtml ? '' : settings.body,
    date: secondsOf(createdAt),
    dlm: secondsOf(updatedAt),
  };
}

const openMessages = async (_db: Database, accountId: AccountId): Promise<Resource<StoredMessage>> => ({
  objectId: 7,
  name: 'Message',
  from: MESSAGES,
  where: { accountId },
  columns: [
    { name: 'id', path: 'number', kind: 'number' },
    { name: 'name', path: 'settings.name', kind: 'text' },
    { name: 'type', path: 'settings.kind', kind: 'text' },
    { name: 'subject', path: 'settings.subject', kind: 'text' },
    { name: 'object_type_id', path: 'settings.objectTypeId', kind: 'number' },
    { name: 'date', path: 'createdAt', kind: 'date' },
    { name: 'dlm', path: 'updatedAt', kind: 'date' },
  ],
  fields: [
    { name: 'id', alias: 'ID', type: 'numeric' },
    { name: 'name', alias: 'Name', type: 'text', isEditable: true },
    { name: 'type', alias: 'Type', type: 'drop', options: { email: 'E-mail', sms: 'SMS' } },
    { name: 'object_type_id', alias: 'Object Type', type: 'numeric' },
    { name: 'subject', alias: 'Subject', type: 'text', isEditable: true },
    { name: 'message_body', alias: 'HTML', type: 'longtext', isEditable: true },
    { name: 'plaintext', alias: 'Plain Text', type: 'longtext', isEditable: true },
    { name: 'date', alias: 'Date Added', type: 'fulldate' },
    { name: 'dlm', alias: 'Last Modified', type: 'fulldate' },
  ],
  listFields: ['name', 'type', 'subject'],
  show: async (messages) => messages.map(showMessage),
});

const text = optional(z.string().max(262_144));
const texts = {
  name: optional(z.string().trim().max(100)),
  subject: optional(z.string().max(500)),
  message_body: text.meta({ description: 'HTML of an e-mail' }),
  plaintext: text.meta({ description: 'Plain text of an e-mail, where it has no HTML; the text of an SMS' }),
};
type Texts = { name?: string; subject?: string; message_body?: string; plaintext?: string };
const type = optional(
  z.preprocess(
    (given) => (typeof given === 'string' ? given.toLowerCase().replace('e-mail', 'email') : given),
    z
      .string()
      .refine((word) => ['email', 'sms'].includes(word), 'must be email or sms; templates and tasks are not kept'),
  ),
).meta({ description: 'email (unless given) or sms' });

const create = writeCall({
  method: 'post',
  path: '/message',
  tag,
  summary: 'Create a message',
  description: 'An e-mail has one body: the HTML where there is one, else the plain text.',
  parameters: z.object({ type, object_type_id: objectID.default(0), ...texts }),
  example: { name: 'Welcome', subject: 'Welcome, [First Name]', message_body: '<p>Dear [First Name],</p>' },
  answer: SHOWN,
  handler: async ({ db }, { account, given }, session) => {
    const of = { kind: given.type ?? 'email', objectTypeId: given.object_type_id, name: 'Message' };
    const settings = readTexts(of, given as Texts);
    return { data: showMessage(await createMessage(db, session, { accountId: account._id, settings })) };
  },
});
const change = writeCall({
  method: 'put',
  path: '/message',
  tag,
  summary: 'Change a message',
  description: 'What is not given stays.',
  parameters: z.object({ id: decimalId, ...texts }),
  answer: { attrs: { subject: 'Welcome', dlm: '1767225600', id: '5' } },
  handler: async ({ db }, { account, given }, session) => {
    const accountId = account._id;
    const before = await getNumbered(db, session, { accountId, number: given.id });
    const settings = readTexts(before.settings, given as Texts);
    const was = showMessage(before);
    const is = showMessage(await changeMessage(db, session, { accountId, messageId: before._id, settings }));
    const attrs = Object.fromEntries(Object.entries(is).filter(([key, value]) => value !== was[key]));
    return { data: { attrs: { ...attrs, dlm: is.dlm, id: is.id } } };
  },
});

/** Messages that rules send. */
export const messageRoutes = [
  ...collectionRoutes({
    tag,
    one: 'Message',
    several: 'Messages',
    open: openMessages,
    notFound: 'message.not-found',
    answer: SHOWN,
  }),
  ...[create, change].flatMap((route) => [route, alias(route, { path: '/Messages', summary: route.summary })]),
];

/** What is given, over what there is. @throws AppError `request.invalid` */
function readTexts(before: object, { name, subject, message_body: html, plaintext: plain }: Texts) {
  const { kind } = before as { kind: unknown };
  if (kind === 'sms' && html !== undefined)
    throw invalid({ path: 'message_body', message: 'an SMS has no HTML; give its text as "plaintext"' });
  return parseGiven(messageSettings, {
    ...before,
    ...(name === undefined ? {} : { name }),
    ...(subject === undefined || kind === 'sms' ? {} : { subject }),
    ...(plain === undefined ? {} : { body: plain, ...(kind === 'email' ? { format: 'plain' } : {}) }),
    ...(html === undefined ? {} : { body: html, format: 'html' }),
  });
}

async function getNumbered(
  db: Database,
  session: Session,
  of: { accountId: AccountId; number: number },
): Promise<StoredMessage> {
  const found = await findByNumber<StoredMessage>(db, MESSAGES as never, of, session);
  if (!found) throw new AppError('message.not-found');
  return found;
}
