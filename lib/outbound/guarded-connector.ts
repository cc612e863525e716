import dns from 'node:dns';
import net from 'node:net';
import tls from 'node:tls';
import { buildConnector } from 'undici';
import { monotonicMs } from '../clock';
import { type ConnectionTimes, watchSocket } from './connection-times';

/** DNS, TCP and TLS together. Source: docs/delivery.md D6. */
const CONNECT_TIMEOUT_MS = 5000;

/** Looks a host name up; `dns.lookup` is one. */
export type Resolve = (
  host: string,
  options: dns.LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: dns.LookupAddress[]) => void,
) => void;

/** Opens a connection, and writes into `times` how that goes. */
export type GuardedConnector = (...args: [...Parameters<buildConnector.connector>, times?: ConnectionTimes]) => void;

/** The address is not allowed; its message names it, so it is for our log and never for the customer. */
class BlockedError extends Error {
  readonly code = 'ERR_ADDRESS_BLOCKED';
}

/**
 * Makes the way undici opens connections reach allowed addresses only. It checks literal addresses, since sockets never
 * look those up; every address of a name, one bad one blocking it; and the peer that was reached.
 *
 * @param isBlocked from `makeAddressGuard`
 * @param options.resolve the system's look-up unless given
 * @param options.trust   certificates (PEM) of authorities to believe besides those that Node brings
 * @returns a connector; its callback gets an error with code `ERR_ADDRESS_BLOCKED`, or the network's own
 * @source docs/delivery.md D9
 */
export function guardConnector(
  isBlocked: (ip: string) => boolean,
  { resolve = dns.lookup, trust }: { resolve?: Resolve; trust?: readonly string[] } = {},
): GuardedConnector {
  const lookup: net.LookupFunction = (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error) return callback(error, []);
      if (!first) return callback(Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' }), []);
      if (addresses.some(({ address }) => isBlocked(address)))
        return callback(new BlockedError(`${host} leads to an address that is not allowed`), []);
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
  const connect = buildConnector({
    lookup,
    timeout: CONNECT_TIMEOUT_MS,
    autoSelectFamily: true,
    allowH2: false,
    ...(trust ? { ca: [...tls.rootCertificates, ...trust] } : {}),
  });
  return (target, done, times) => {
    const host = target.hostname.replace(/^\[|\]$/g, '');
    if (net.isIP(host) !== 0 && isBlocked(host)) return done(new BlockedError(`${host} is not allowed`), null);
    const socket: unknown = connect(target, (...[error, socket]) => {
      if (error) return done(error, null);
      if (isBlocked(socket.remoteAddress ?? '')) {
        socket.destroy();
        return done(new BlockedError('the address that answered is not allowed'), null);
      }
      if (times) times.readyMs = monotonicMs();
      return done(null, socket);
    });
    if (times && socket instanceof net.Socket) watchSocket(socket, times);
  };
}
