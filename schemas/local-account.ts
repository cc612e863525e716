import { z } from 'zod';

/** What `npm start` keeps in its data folder (`hookline.json`): secrets and the last address. */
export const localAccountSchema = z.object({
  pepper: z.string().min(32),
  apiKey: z.string().optional(),
  appId: z.string().optional(),
  inboxToken: z.string().optional(),
  address: z.string().optional(),
});
export type KeptAccount = z.output<typeof localAccountSchema>;
