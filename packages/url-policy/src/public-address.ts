import ipaddr from 'ipaddr.js';

/** Whether an IP address may be contacted by a scan, and if not, which kind of address it is. */
export type AddressVerdict = { public: true } | { public: false; range: string };

/**
 * Addresses that the registries call ordinary but that reach a cloud's control plane.
 *
 * @see https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
const CONTROL_PLANE_ADDRESSES: ReadonlySet<string> = new Set(['168.63.129.16']);

/**
 * The only block of IPv6 from which public addresses are given out; what lies outside it is reserved.
 *
 * @see https://www.iana.org/assignments/ipv6-address-space
 */
const GLOBAL_UNICAST_V6 = ipaddr.parseCIDR('2000::/3');

/**
 * Judges one IP address. IPv4 addresses mapped into IPv6 are judged as IPv4.
 *
 * @param address - textual IPv4 or IPv6 address without brackets; anything else is not public
 */
export function addressVerdict(address: string): AddressVerdict {
  if (!ipaddr.isValid(address)) return { public: false, range: 'notAnAddress' };
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (range !== 'unicast') return { public: false, range };
  if (parsed.kind() === 'ipv6' && !parsed.match(GLOBAL_UNICAST_V6))
    return { public: false, range: 'reserved' };
  if (CONTROL_PLANE_ADDRESSES.has(parsed.toString())) return { public: false, range: 'controlPlane' };
  return { public: true };
}

/** True when `address` is an IP address of the public internet. */
export function isPublicAddress(address: string): boolean {
  return addressVerdict(address).public;
}
