import dns from 'node:dns';
import net from 'node:net';
import { buildConnector } from 'undici';

/** DNS, TCP and TLS together. Source: docs/delivery.md D6. */
const CONNECT_TIMEOUT_MS = 5000;

/** Looks a host name up; `dns.lookup` is one. */
export type Resolve = (
  host: string,
  options: dns.LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: dns.LookupAddress[]) => void,
) => void;

/** The address is not allowed; its message names it, so it is for our log and never for the customer. */
class BlockedError extends Error {
  readonly code = 'ERR_ADDRESS_BLOCKED';
}

/**
 * Makes the way undici opens connections reach allowed addresses only. It checks literal addresses, since sockets never
 * look those up; every address of a name, one bad one blocking it; and the peer that was reached.
 *
 * @param isBlocked from `makeAddressGuard`
 * @param resolve   the system's look-up unless given
 * @returns a connector; its callback gets an error with code `ERR_ADDRESS_BLOCKED`, or the network's own
 * @source docs/delivery.md D9
 */
export function guardConnector(
  isBlocked: (ip: string) => boolean,
  resolve: Resolve = dns.lookup,
): buildConnector.connector {
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
  const connect = buildConnector({ lookup, timeout: CONNECT_TIMEOUT_MS, autoSelectFamily: true, allowH2: false });
  return (target, done) => {
    const host = target.hostname.replace(/^\[|\]$/g, '');
    if (net.isIP(host) !== 0 && isBlocked(host)) return done(new BlockedError(`${host} is not allowed`), null);
    return connect(target, (...[error, socket]) => {
      if (error) return done(error, null);
      if (isBlocked(socket.remoteAddress ?? '')) {
        socket.destroy();
        return done(new BlockedError('the address that answered is not allowed'), null);
      }
      return done(null, socket);
    });
  };
}
