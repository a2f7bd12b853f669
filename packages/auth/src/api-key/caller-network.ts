import ipaddr from 'ipaddr.js';

/**
 * True when an address lies in one of these networks. No networks stand for everywhere.
 *
 * @param address - as the socket says it; IPv4 inside IPv6 counts as IPv4
 * @param networks - addresses or networks, as `callerNetworkSchema` takes them
 */
export function isFromOneOf(address: string | null, networks: readonly string[]): boolean {
  if (networks.length === 0) return true;
  if (address === null || !ipaddr.isValid(address)) return false;
  const caller = ipaddr.process(address);
  return networks.some((network) => {
    const [base, length] = network.includes('/')
      ? ipaddr.parseCIDR(network)
      : [ipaddr.parse(network), ipaddr.parse(network).kind() === 'ipv4' ? 32 : 128];
    return base.kind() === caller.kind() && caller.match(base, length);
  });
}
