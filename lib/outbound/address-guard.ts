import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

/** What the library calls ordinary and we do not. Source: IANA special-purpose registries; cloud vendors' pages. */
const EXTRA: readonly Range[] = [
  '0.0.0.0/8', // "this" network
  '100.64.0.0/10', // carrier NAT; Alibaba's metadata
  '168.63.129.16/32', // Azure's platform address
  '192.0.0.0/24', // protocol assignments; Oracle's metadata
  '192.88.99.0/24', // 6to4 relays
  '198.18.0.0/15', // benchmarking
  '240.0.0.0/4', // reserved, broadcast
  '2001::/23', // protocol assignments: Teredo, ORCHID, benchmarking
  '2002::/16', // 6to4
  '3fff::/20', // documentation
].map((cidr) => ipaddr.parseCIDR(cidr));

/** All IPv6 addresses anyone can have; NAT64, v4-compatible, local and multicast ranges lie outside. */
const GLOBAL_IPV6: Range = ipaddr.parseCIDR('2000::/3');

/** The library reads this form, which look-ups give for v4-compatible addresses, as the IPv4 address inside. */
const V4_COMPATIBLE = /^::\d+\./;

const isWithin = (address: Address, [network, bits]: Range): boolean =>
  address.kind() === network.kind() && address.match(network as never, bits as never);

/**
 * Makes the check that keeps webhooks out of private networks: only addresses of the public internet pass.
 *
 * @param allow address ranges (CIDR) that pass nevertheless; an IPv4 range covers the v4-mapped IPv6 form too
 * @returns true = blocked. Text that is no address is blocked; a zone (`%eth0`) is ignored. The check never throws
 * @throws Error when `allow` holds something that is no CIDR (the settings are checked before)
 * @source docs/delivery.md D9
 */
export function makeAddressGuard(allow: readonly string[]): (ip: string) => boolean {
  const allowed: Range[] = allow.map((cidr) => ipaddr.parseCIDR(cidr));
  return (ip) => {
    if (V4_COMPATIBLE.test(ip)) return true;
    let address: Address;
    try {
      address = ipaddr.process(ip.split('%')[0] ?? '');
    } catch {
      return true;
    }
    if (allowed.some((range) => isWithin(address, range))) return false;
    if (address.kind() === 'ipv6' && !isWithin(address, GLOBAL_IPV6)) return true;
    return address.range() !== 'unicast' || EXTRA.some((range) => isWithin(address, range));
  };
}
