import { join } from 'node:path';
import { type Child, startChild } from '../child';
import type { Receiver } from '../open-receiver';
import type { Servers } from '../open-servers';
import type { Target } from '../target';

/** The raw engine limit as a target: the same webhooks, bodies and receiver, nothing of ours in between. */
export function openRaw(servers: Servers, receiver: Receiver): Target {
  let child: Child | undefined;
  let run = 0;
  const ids = new Map<string, number>();
  return {
    name: 'raw',
    pid: () => child?.pid ?? 0,
    async start({ isProfiled = false } = {}) {
      child = await startChild(join(__dirname, 'raw-main.js'), {
        args: [servers.temporalAddress],
        execArgv: isProfiled ? ['--cpu-prof', `--cpu-prof-dir=${join(servers.dataDir, 'raw-profile')}`] : [],
      });
    },
    async post({ key, map, branch }) {
      if (!child) throw new Error('not started');
      const number = ids.get(key) ?? ++run;
      ids.set(key, number);
      await child.ask({
        workflowId: `raw:${number}:${key}`,
        fairnessKey: `whk_${map}_${branch}`,
        url: `${receiver.url}/hooks/${map}/${branch}`,
        body: JSON.stringify({ key, name: 'Ada', email: 'ada@example.com', map }),
      });
      ids.delete(key);
    },
    async kill() {
      await child?.end('SIGKILL');
    },
    async stop() {
      await child?.end('SIGTERM');
    },
    close: async () => undefined,
  };
}
