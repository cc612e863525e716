import { BAD_BODIES } from './bad-bodies';
import { BAD_CONNECTIONS } from './bad-connections';
import { BAD_HEADS } from './bad-heads';
import type { Hostile } from './stranger';

/** Every hostile receiver, with the outcome that docs/delivery.md promises; one good one stands among them. */
export const HOSTILE: readonly Hostile[] = [...BAD_CONNECTIONS, ...BAD_HEADS, ...BAD_BODIES];
