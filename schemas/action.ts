import { z } from 'zod';
import { fieldId, fieldValueSchema } from './field';
import { idSchema } from './ids';
import { messageActions } from './message-actions';
import { recordActions } from './record-actions';

const tagIds = z.array(idSchema('tag')).max(50).default([]);

/**
 * What rules do, in the order in which it is written. Where maps have the same as an element, kind and settings are the
 * same. Source: docs/rules.md.
 */
export const actionSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('send-webhook'), webhookId: idSchema('webhook') }),
    z.object({ kind: z.literal('change-tags'), add: tagIds, remove: tagIds }),
    z.object({ kind: z.literal('change-field'), fieldId, value: fieldValueSchema }),
    z.object({ kind: z.literal('add-to-map'), mapId: idSchema('map') }),
    z.object({ kind: z.literal('remove-from-map'), mapId: idSchema('map') }),
    z.object({ kind: z.literal('pause-on-map'), mapId: idSchema('map') }),
    z.object({ kind: z.literal('resume-on-map'), mapId: idSchema('map') }),
    z.object({
      kind: z.literal('assign-task'),
      subject: z.string().trim().min(1).max(200),
      dueInDays: z.number().int().min(0).max(3650).default(1),
    }),
    ...messageActions,
    ...recordActions,
  ])
  .meta({ id: 'Action' });
export type Action = z.output<typeof actionSchema>;
export type ActionKind = Action['kind'];
