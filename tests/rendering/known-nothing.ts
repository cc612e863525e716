import type { Known } from '../../domain/check-reference';

/** An account that has nothing to name, for tests that spread it and add what they need. */
export const KNOWN_NOTHING: Omit<Known, 'objectType'> = {
  tagIds: new Set(),
  webhooks: new Map(),
  maps: new Map(),
  productIds: new Set(),
  forms: new Map(),
  inbounds: new Map(),
  messages: new Map(),
  objectTypes: new Map(),
};
