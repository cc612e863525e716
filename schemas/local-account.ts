import { z } from 'zod';

/** What `npm start` keeps in its data folder (`hookline.json`): secrets and the last address. */
export const localAccountSchema = z.object({
  pepper: z.string().min(32),
  secretKeys: z.string().optional(),
  codecToken: z.string().optional(),
  apiKey: z.string().optional(),
  appId: z.string().optional(),
  inboxToken: z.string().optional(),
  address: z.string().optional(),
});
export type KeptAccount = z.output<typeof localAccountSchema>;
