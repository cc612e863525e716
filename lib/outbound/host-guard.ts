import { isIP } from 'node:net';
import { makeAddressGuard } from './address-guard';

/** Names of the machine itself. Source: RFC 6761, and the hosts files of the common systems. */
const LOOPBACK_NAME = /^(.+\.)?localhost$|^(localhost6?|loopback)(\.localdomain[46]?)?$|^ip6-(localhost|loopback)$/;
/** Names that exist in private networks only. Source: RFC 6762, RFC 8375; ICANN's reservation of .internal. */
const PRIVATE_NAME = /\.(internal|local|localdomain[46]?|home\.arpa)$/;

/**
 * Makes the check of a host before a webhook is saved: what can never be reached needs no look-up to be refused. It only
 * tells people early; the connection is guarded whatever was saved.
 *
 * @param allow address ranges (CIDR) open to webhooks besides the public internet. Names of the machine pass when they
 *              hold a loopback address, names of private networks when there is any
 * @returns true = refuse; of a host as the WHATWG parser gives it, brackets included. Names that need a look-up pass.
 *          The check never throws
 * @throws Error when `allow` holds something that is no CIDR (the settings are checked before)
 * @source docs/delivery.md#the-request
 */
export function makeHostGuard(allow: readonly string[]): (hostname: string) => boolean {
  const isBlocked = makeAddressGuard(allow);
  const isLoopbackBlocked = isBlocked('127.0.0.1') && isBlocked('::1');
  return (hostname) => {
    const host = hostname
      .toLowerCase()
      .replace(/^\[|\]$/g, '')
      .replace(/\.+$/, '');
    if (isIP(host) !== 0) return isBlocked(host);
    if (LOOPBACK_NAME.test(host)) return isLoopbackBlocked;
    return PRIVATE_NAME.test(host) && allow.length === 0;
  };
}
