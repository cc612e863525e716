import { once } from 'node:events';
import { WebSocket } from 'undici';

/** Reads what a Node process holds on to, through its own inspector. */
export interface LiveMemory {
  /** Megabytes of the main thread's heap and of the buffers it owns that are still reachable: it collects garbage first */
  readMb(): Promise<number>;
  close(): void;
}

interface Reply {
  id: number;
  result?: { result?: { value?: number } };
  error?: { message: string };
}

const HELD_MB = '(({ heapUsed, external }) => (heapUsed + external) / 2 ** 20)(process.memoryUsage())';

/** What to set as `NODE_OPTIONS` of a process whose memory is to be read. @param port free on loopback. */
export const inspectedAt = (port: number): string => `--inspect=127.0.0.1:${port} --inspect-publish-uid=http`;

/**
 * Connects to a process started with {@link inspectedAt}.
 * Source: Chrome DevTools Protocol, HeapProfiler.collectGarbage and Runtime.evaluate.
 *
 * @throws Error when nothing listens there, or when the inspector refuses a command
 */
export async function openLiveMemory(port: number): Promise<LiveMemory> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
    webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl ?? '');
  await once(socket, 'open');
  let lastId = 0;
  const ask = async (method: string, params: object = {}): Promise<Reply['result']> => {
    const id = ++lastId;
    socket.send(JSON.stringify({ id, method, params }));
    for (;;) {
      const [event] = (await once(socket, 'message')) as [{ data: string }];
      const reply = JSON.parse(event.data) as Reply;
      if (reply.error) throw new Error(`${method}: ${reply.error.message}`);
      if (reply.id === id) return reply.result;
    }
  };
  return {
    async readMb() {
      await ask('HeapProfiler.collectGarbage');
      const answer = await ask('Runtime.evaluate', { expression: HELD_MB });
      return answer?.result?.value ?? Number.NaN;
    },
    close: () => socket.close(),
  };
}
