import { z } from 'zod';

/** Answer to every DELETE. */
export const deletedSchema = z.object({ id: z.string(), isDeleted: z.literal(true) }).meta({ id: 'Deleted' });
