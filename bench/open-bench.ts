import { loadConfig } from '../lib/config';
import { openReceiver, type Receiver } from './open-receiver';
import { openServers, type Servers } from './open-servers';
import { type Ours, openOurs } from './ours/open-ours';
import { openRaw } from './raw/open-raw';
import type { Target } from './target';

/** Everything that a run needs, with the two targets not started yet. */
export interface Bench {
  servers: Servers;
  receiver: Receiver;
  raw: Target;
  ours: Ours;
  close(): Promise<void>;
}

/** Opens servers, receiver and both targets; the account of ours is filled. */
export async function openBench(options: { maps: number; records: number; inject: 'api' | 'store' }): Promise<Bench> {
  const servers = await openServers(loadConfig());
  const receiver = await openReceiver();
  const raw = openRaw(servers, receiver);
  const ours = await openOurs(servers, receiver, options);
  return {
    servers,
    receiver,
    raw,
    ours,
    async close() {
      await Promise.all([raw.close(), ours.close()]);
      await receiver.close();
      await servers.close();
    },
  };
}
