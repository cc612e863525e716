import { z } from 'zod';

/** Headers that the sender sets itself. Source: docs/delivery.md D11. */
export const RESERVED_HEADERS = [
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'idempotency-key',
  'keep-alive',
  'upgrade',
  'expect',
  'te',
  'trailer',
];

const SECRET_NAMES =
  /(^|[-_.])(authorization|cookie2?|api[-_.]?key|api[-_.]?appid|api[-_.]?secret|access[-_.]?key|private[-_.]?key|token|secret|password|passwd|credentials?)$/i;

/** Whether the name alone says that its values are secret: Authorization, Cookie, Api-Key, X-Auth-Token and their like. */
export const isSecretName = (name: string): boolean => SECRET_NAMES.test(name);

/** A header row of a webhook's settings. Of a secret one the value is sealed where it is stored; '' is none. */
export interface HeaderRow {
  name: string;
  value: string;
  isSecret?: boolean;
}

/** Whether the value of a row is secret: it says so, or its name does. */
export const isSecretRow = (row: { name: string; isSecret?: boolean | undefined }): boolean =>
  row.isSecret === true || isSecretName(row.name);

const row = z.object({
  name: z
    .string()
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, 'must be a header name, such as Authorization')
    .refine(
      (name) => !RESERVED_HEADERS.includes(name.toLowerCase()) && !/^webhook-/i.test(name),
      'is set by Hookline itself; choose another name',
    ),
  value: z
    .string()
    .max(4096)
    .regex(/^[^\r\n\0]*$/, 'must be one line')
    .optional()
    .meta({ description: 'Merge fields allowed; of a secret row it is never shown, and left out it stays as it is' }),
  isSecret: z.boolean().default(false).meta({
    description:
      'The value is sealed, never shown again and masked in the log; always so for Authorization, Cookie, Api-Key, tokens and their like',
  }),
});

/** A row as it is given: a secret one may leave out its value, to keep the stored one. */
export const headerRow = row
  .superRefine(({ name, value, isSecret }, context) => {
    const isTyped = name.toLowerCase() === 'content-type';
    if (isTyped && isSecret)
      context.addIssue({
        code: 'custom',
        path: ['isSecret'],
        message: 'cannot be set for Content-Type: it says what the body is',
      });
    if (value === undefined && !isSecretRow({ name, isSecret }))
      context.addIssue({ code: 'custom', path: ['value'], message: 'must be given' });
  })
  .overwrite((given) => ({
    ...given,
    value: given.value ?? '',
    isSecret: isSecretRow(given),
  })) as unknown as z.ZodType<HeaderRow, z.input<typeof row>>;

/** A row as it is shown: the value of a secret one is left out. */
export const shownHeaderRow = z
  .object({
    name: z.string(),
    value: z.string().optional().meta({ description: 'Left out of a secret row' }),
    isSecret: z.boolean(),
    hasValue: z
      .boolean()
      .optional()
      .meta({ description: 'Of a secret row: false when it came with a map file and waits for its value' }),
  })
  .meta({ id: 'HeaderRow' });
