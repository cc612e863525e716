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
 * How long each part of setting up a connection took, as far as it got.
 *
 * @param times nothing in it is set where a connection was there already
 * @returns milliseconds from the end of one part to the end of the next; null for a part that did not end or was not needed (a
 *          literal address is not looked up, http has no TLS)
 * @throws never
 * @source docs/delivery.md#the-log
 */
export function phasesOf(times: ConnectionTimes): ConnectionPhases {
  let sinceMs = times.begunMs;
  const part = (endedMs: number | null): number | null => {
    if (endedMs === null) return null;
    const tookMs = Math.max(0, endedMs - sinceMs);
    sinceMs = Math.max(sinceMs, endedMs);
    return tookMs;
  };
  return { dnsMs: part(times.resolvedMs), connectMs: part(times.connectedMs), tlsMs: part(times.securedMs) };
}
