import { monotonicMs } from '../../lib/clock';
import { PARTITIONS } from '../../lib/ids';
import type { Database } from '../../store/database';
import { claimLease, findLeases, insertLeases, releaseLeases } from '../../store/leases';

const LEASE_MS = 8000;
const SHARE = 'share:';
const PUMP = 'pump:';
const SHARES = Array.from({ length: PARTITIONS }, (_, partition) => `${SHARE}${partition}`);

/** The shares of the events that this process handles: a fair part of all, kept by leases that run out when it dies. */
export interface Shares {
  /** Partitions that are ours for now; empty when our leases ran out, as after a long freeze */
  owned(): number[];
  /** Renews what is ours, claims what is free, gives back what is too much; to be called every 2 s or so */
  renew(): Promise<void>;
  release(): Promise<void>;
}

/** @param owner names the process; unique among all that run */
export function openShares(db: Database, owner: string): Shares {
  let owned: string[] = [];
  let renewedMs = Number.NEGATIVE_INFINITY;
  let isKnown = false;
  const presence = `${PUMP}${owner}`;
  let renewal: Promise<void> = Promise.resolve();
  const renew = async (): Promise<void> => {
    if (!isKnown) await insertLeases(db, [...SHARES, presence]);
    isKnown = true;
    const startedMs = monotonicMs();
    await claimLease(db, { name: presence, owner, forMs: LEASE_MS });
    const leases = await findLeases(db);
    const pumps = leases.filter(({ _id }) => _id.startsWith(PUMP)).length;
    const others = new Set(leases.filter((lease) => lease.owner !== owner).map(({ _id }) => _id));
    const free = SHARES.filter((name) => !others.has(name));
    const wanted = [...free.filter((name) => owned.includes(name)), ...free.filter((name) => !owned.includes(name))];
    const fair = Math.ceil(PARTITIONS / Math.max(1, pumps));
    const claimed: string[] = [];
    for (const name of wanted.slice(0, fair)) {
      if (await claimLease(db, { name, owner, forMs: LEASE_MS })) claimed.push(name);
    }
    const excess = owned.filter((name) => !claimed.includes(name));
    owned = claimed;
    renewedMs = startedMs;
    if (excess.length > 0) await releaseLeases(db, owner, excess);
  };
  return {
    owned: () => (monotonicMs() - renewedMs < LEASE_MS ? owned.map((name) => Number(name.slice(SHARE.length))) : []),
    renew() {
      renewal = renew();
      return renewal;
    },
    async release() {
      // A renewal under way would claim again what is given back here.
      await renewal.catch(() => undefined);
      const all = [...owned, presence];
      owned = [];
      await releaseLeases(db, owner, all);
    },
  };
}
