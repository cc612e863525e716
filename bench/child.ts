import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A process of the system under test, which answers to numbered messages. */
export interface Child {
  pid: number;
  /** What it said when it was ready */
  ready: { [name: string]: unknown };
  ask(question: object): Promise<void>;
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

interface Answer {
  id: number;
  error?: string;
}

/**
 * Forks a compiled entry of this folder and waits until it sends `{ready: ...}`.
 *
 * @param options.execArgv flags of node itself
 * @throws Error when it ends before it is ready
 */
export async function startChild(
  file: string,
  options: { args?: string[]; env?: Record<string, string>; execArgv?: string[] },
): Promise<Child> {
  const child: ChildProcess = fork(file, options.args ?? [], {
    env: { ...process.env, ...options.env },
    execArgv: options.execArgv ?? [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit');
  const asked = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  let last = 0;
  const ready = await new Promise<Child['ready']>((resolve, reject) => {
    child.on('message', (message: { ready?: Child['ready'] } & Answer) => {
      if (message.ready) return resolve(message.ready);
      const question = asked.get(message.id);
      asked.delete(message.id);
      if (message.error === undefined) question?.resolve();
      else question?.reject(new Error(message.error));
    });
    child.once('exit', (code) => {
      reject(new Error(`${file} ended with ${code}`));
      for (const { reject: refuse } of asked.values()) refuse(new Error('the process is gone'));
      asked.clear();
    });
  });
  return {
    pid: child.pid ?? 0,
    ready,
    ask: (question) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        asked.set(id, { resolve, reject });
        child.send({ ...question, id }, (error) => {
          if (error) reject(error);
        });
      }),
    async end(signal) {
      child.kill(signal);
      await gone;
    },
  };
}

/** In the child: says it is ready and answers each message with what `work` did; ends when the parent is gone. */
export function serveParent<Q>(ready: object, work: (question: Q) => Promise<void>): void {
  const answer = (message: Answer): void => void (process.connected && process.send?.(message));
  process.on('message', (question: Q & { id: number }) => {
    work(question).then(
      () => answer({ id: question.id }),
      (error: unknown) => answer({ id: question.id, error: String(error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ ready });
}
