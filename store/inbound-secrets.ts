import type { KeyRing } from '../lib/secrets/key-ring';
import { openText, sealedBy, sealText } from '../lib/secrets/seal';
import type { InboundId } from '../schemas/ids';
import type { StoredInbound } from '../schemas/inbound';
import type { Database } from './database';
import { INBOUNDS } from './inbounds';

/** What a run over all sources of inbound webhooks did. */
export interface ResealedInbounds {
  /** With a secret */
  inbounds: number;
  changed: number;
  /** Ids of those whose secret no key of SECRET_KEYS opens; they are left as they are */
  unreadable: InboundId[];
}

/**
 * Seals the secret of every source with the first key. May be repeated and run while everything else does: a secret that
 * is replaced meanwhile stays as it is given then.
 *
 * @throws MongoDB's errors
 */
export async function resealInbounds(db: Database, keys: KeyRing): Promise<ResealedInbounds> {
  const done: ResealedInbounds = { inbounds: 0, changed: 0, unreadable: [] };
  const all = db
    .model(INBOUNDS)
    .find({ sealedSecret: { $ne: null } }, { accountId: 1, sealedSecret: 1 })
    .lean<StoredInbound>()
    .cursor();
  for await (const { _id, accountId, sealedSecret } of all as AsyncIterable<StoredInbound>) {
    if (sealedSecret === null) continue;
    done.inbounds++;
    if (sealedBy(sealedSecret) === keys.currentId) continue;
    try {
      const of = { accountId, purpose: 'inbound.secret' } as const;
      const sealed = sealText(keys, openText(keys, sealedSecret, of), of);
      await db.model(INBOUNDS).updateOne({ _id, sealedSecret }, { $set: { sealedSecret: sealed } });
      done.changed++;
    } catch {
      done.unreadable.push(_id);
    }
  }
  return done;
}
