import type { Socket } from 'node:net';
import { monotonicMs } from '../clock';

/** When each part of setting up a connection was done, ms of the monotonic clock; null for what was not, or not needed. */
export interface ConnectionTimes {
  begunMs: number;
  resolvedMs: number | null;
  connectedMs: number | null;
  securedMs: number | null;
  /** The connection was handed over for requests */
  readyMs: number | null;
}

/** What setting up the connection cost a request, ms. */
export interface ConnectionPhases {
  dnsMs: number | null;
  connectMs: number | null;
  tlsMs: number | null;
}

export const beginTimes = (): ConnectionTimes => ({
  begunMs: monotonicMs(),
  resolvedMs: null,
  connectedMs: null,
  securedMs: null,
  readyMs: null,
});

/** Writes into `times` what happens to a socket that has just begun to connect. @throws never */
export function watchSocket(socket: Socket, times: ConnectionTimes): void {
  const note = (instant: 'resolvedMs' | 'connectedMs' | 'securedMs') => () => {
    times[instant] ??= monotonicMs();
  };
  socket.once('lookup', (error) => error || note('resolvedMs')());
  socket.once('connect', note('connectedMs'));
  socket.once('secureConnect', note('securedMs'));
}

/**
 * How long a request waited for each part of setting up its connection, as far as it got.
 *
 * @param times     null when the request never got as far as a connection
 * @param startedMs when the request began, ms of the monotonic clock: what was done before costs it nothing
 * @returns milliseconds from the end of one part to the end of the next; null for a part that did not end, was not needed
 *          (a literal address is not looked up, http has no TLS), or belonged to an earlier request of the connection
 * @throws never
 * @source docs/delivery.md#the-log
 */
export function phasesOf(times: ConnectionTimes | null, startedMs: number): ConnectionPhases {
  if (!times || (times.readyMs !== null && times.readyMs <= startedMs))
    return { dnsMs: null, connectMs: null, tlsMs: null };
  let sinceMs = Math.max(times.begunMs, startedMs);
  const part = (endedMs: number | null): number | null => {
    if (endedMs === null) return null;
    const tookMs = Math.max(0, endedMs - sinceMs);
    sinceMs = Math.max(sinceMs, endedMs);
    return tookMs;
  };
  return { dnsMs: part(times.resolvedMs), connectMs: part(times.connectedMs), tlsMs: part(times.securedMs) };
}
