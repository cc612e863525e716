import type { Action } from '../schemas/action';
import { ACTION_ROWS } from '../schemas/action-catalogue';
import { isFitting } from '../schemas/fits';
import { MAIL_ADDRESS } from '../schemas/message';
import type { Problem } from '../schemas/problem';
import { checkNewRecord } from './check-new-record';
import type { Known } from './check-reference';
import { checkTemplate } from './check-template';
import { makeFindTarget } from './merge-labels';
import { findOwnAddress } from './render-message';
import { findMergeFields } from './render-template';

/**
 * What is wrong with actions, beside what they name: they must fit the object type, and so must their values.
 *
 * @returns problems with paths inside the settings of the rule: `actions.1.to`
 * @throws never
 * @source docs/messages.md
 */
export const checkActions = (actions: readonly Action[], known: Known): Problem[] =>
  actions.flatMap((action, index) =>
    checkAction(action, known).map(({ path, message }) => ({
      path: path === '' ? `actions.${index}` : `actions.${index}.${path}`,
      message,
    })),
  );

function checkAction(action: Action, known: Known): Problem[] {
  const { objectType } = known;
  if (ACTION_ROWS.some(({ kind, fits }) => kind === action.kind && !isFitting(fits, objectType)))
    return [{ path: '', message: `"${action.kind}" is done only to contacts, never to ${objectType.plural}.` }];
  switch (action.kind) {
    case 'send-email':
      return checkRecipient(action.to, known);
    case 'send-sms':
      return findOwnAddress(objectType, 'sms')
        ? []
        : [{ path: '', message: `${objectType.plural} have no field of type "sms" to send to; add one first.` }];
    case 'create-record':
      return checkNewRecord(action, known);
    case 'add-note':
      return checkTemplate(action.text, known).map((message) => ({ path: 'text', message }));
    default:
      return [];
  }
}

function checkRecipient(to: string | undefined, known: Known): Problem[] {
  const { objectType } = known;
  if (to === undefined)
    return findOwnAddress(objectType, 'email')
      ? []
      : [{ path: 'to', message: `${objectType.plural} have no field of type "email"; say where to send it.` }];
  const unknown = checkTemplate(to, known).map((message) => ({ path: 'to', message }));
  const isFixed = findMergeFields(to, makeFindTarget(objectType, known.objectTypes)).known.length === 0;
  return unknown.length === 0 && isFixed && !MAIL_ADDRESS.test(to)
    ? [{ path: 'to', message: 'This is no e-mail address and no merge field; write ada@example.com or [Email].' }]
    : unknown;
}
