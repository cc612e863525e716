import type { Config } from '../lib/config';
import type { SecretKey } from '../lib/secrets/key-ring';
import { parseSecretKeys } from '../lib/secrets/parse-keys';
import { keepLocal } from './local-account';

/** What `npm start` needs of secrets: those of the settings, or those it keeps in its data folder. */
export interface OwnSecrets {
  API_KEY_PEPPER: string;
  SECRET_KEYS: SecretKey[];
  CODEC_TOKEN: string;
}

/** Makes what is missing. The kept key always opens, also behind keys of the settings: something may be sealed with it. */
export function openOwnSecrets(config: Config): OwnSecrets {
  const kept = keepLocal(config.DATA_DIR, {});
  const { keys, mistake } = parseSecretKeys(kept.secretKeys);
  if (!keys) throw new Error(`The keys in the data folder are damaged: "secretKeys" ${mistake}`);
  const given = config.SECRET_KEYS ?? [];
  return {
    API_KEY_PEPPER: config.API_KEY_PEPPER ?? kept.pepper,
    SECRET_KEYS: [...given, ...keys.filter(({ id }) => given.every((key) => key.id !== id))],
    CODEC_TOKEN: config.CODEC_TOKEN ?? kept.codecToken,
  };
}
