import { z } from 'zod';
import { type AccountId, idSchema, type KeyId } from './ids';

/** The tenant; every stored document and every query carries its id. */
export interface StoredAccount {
  _id: AccountId;
  name: string;
  /** Sent as `Api-Appid` */
  appId: string;
  /** The account's inbox stands at /inbox/{inboxToken} */
  inboxToken: string;
  settings: { allowHttp: boolean };
  createdAt: Date;
}

/** An API key; only its keyed hash is stored. */
export interface StoredKey {
  _id: KeyId;
  accountId: AccountId;
  name: string;
  hash: string;
  hint: string;
  createdAt: Date;
}

export const newKey = z.object({ name: z.string().trim().min(1).max(100) });
export const keySchema = z
  .object({
    id: idSchema('key'),
    name: z.string(),
    hint: z.string().meta({ description: 'Last four characters' }),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Key' });
export const createdKeySchema = keySchema
  .extend({
    apiKey: z.string().meta({ description: 'Shown this once; send it as Api-Key' }),
    appId: z.string().meta({ description: 'Send it as Api-Appid' }),
  })
  .meta({ id: 'CreatedKey' });
