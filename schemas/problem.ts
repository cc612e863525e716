import { z } from 'zod';

/** One mistake in something a person or client gave us, with the place and the way to mend it. */
export const problemSchema = z
  .object({
    path: z.string().meta({ description: 'Field it is about, as in the request: "settings.url"; "" for the whole' }),
    message: z.string().meta({ description: 'What is wrong and how to mend it' }),
    elementId: z.string().optional().meta({ description: 'Element of the map it is about' }),
    severity: z.enum(['error', 'warning']).optional().meta({ description: 'A warning does not block' }),
  })
  .meta({ id: 'Problem' });

export type Problem = z.output<typeof problemSchema>;
