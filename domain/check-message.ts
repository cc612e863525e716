import type { MessageSettings } from '../schemas/message';
import type { ObjectType } from '../schemas/object-type';
import type { Problem } from '../schemas/problem';
import { checkTemplate } from './check-template';

/**
 * What keeps a message from being saved, all of it at once: its merge fields must name fields.
 *
 * @param objectTypes of the account by number
 * @returns problems with paths as in the settings: `subject`, `body`
 * @throws never
 * @source docs/messages.md
 */
export function checkMessage(settings: MessageSettings, objectTypes: ReadonlyMap<number, ObjectType>): Problem[] {
  const objectType = objectTypes.get(settings.objectTypeId);
  if (!objectType) return [{ path: 'objectTypeId', message: 'names no object type of the account' }];
  return templatesOf(settings).flatMap(([path, template]) =>
    checkTemplate(template, { objectType, objectTypes }).map((message) => ({ path, message })),
  );
}

/** The texts of a message that hold merge fields, by their paths. @throws never */
export const templatesOf = (settings: MessageSettings): [path: string, template: string][] => [
  ...(settings.kind === 'email' ? [['subject', settings.subject] as [string, string]] : []),
  ['body', settings.body],
];
