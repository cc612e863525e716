/** What the setup started and the teardown ends. Jest loads the two apart, so it hangs on `globalThis`. */
interface Holder {
  hooklineTestServers?: (() => Promise<void>)[];
}

const holder = globalThis as Holder;

/** Remembers how to end something that was just started. */
export function endLater(end: () => Promise<void>): void {
  holder.hooklineTestServers ??= [];
  holder.hooklineTestServers.push(end);
}

/** Ends everything, last started first. A failure to end one thing does not keep the others. */
export async function endAll(): Promise<void> {
  const ends = holder.hooklineTestServers ?? [];
  holder.hooklineTestServers = [];
  const failures: unknown[] = [];
  for (const end of ends.reverse()) {
    await end().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw new AggregateError(failures, 'some test servers could not be stopped');
}
