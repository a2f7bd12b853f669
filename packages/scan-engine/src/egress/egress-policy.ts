import { addressVerdict, type HostRules } from '@cookie-scanner/url-policy';
import { isIP } from 'node:net';
import type { AliasLookup } from './alias-lookup.ts';
import { followHostRules } from './host-route.ts';
import type { NameResolver, Resolution } from './name-resolver.ts';

/** What a scan may connect to. */
export interface EgressPolicy {
  readonly hostRules: HostRules;
  readonly allowPrivateNetworks: boolean;
  readonly resolver: NameResolver;
  /** Asked which names the hosts are aliases of; nobody is asked without it. */
  readonly aliases?: AliasLookup;
}

/** Where a connection may go, or why it may not. */
export type EgressDecision =
  | { allowed: true; addresses: readonly string[]; port: number }
  | {
      allowed: false;
      reason: RefusalReason;
      /** What the name server answered; `rule_loop` where the host rules lead nowhere. */
      detail?: string;
    };

/** Why a connection was refused; `dns_error` and `not_found` are the site's fault, the rest is ours to forbid. */
export type RefusalReason =
  | 'address_not_allowed'
  | 'port_not_allowed'
  | 'host_not_allowed'
  | 'not_found'
  | 'dns_error'
  | 'limit_reached';

const ALLOWED_PORTS: ReadonlySet<number> = new Set([80, 443, 8080, 8443]);
const HOST_LENGTH_MAX = 253;

/**
 * Decides about one connection. The decision names addresses, never a host name, so that nothing resolves the
 * name a second time between the check and the connection.
 */
export async function decideEgress(
  policy: EgressPolicy,
  rawHost: string,
  port: number,
): Promise<EgressDecision> {
  const host = normaliseHost(rawHost);
  if (host === null) return { allowed: false, reason: 'host_not_allowed' };

  if (isIP(host)) return decideAddresses(policy, [host], port);
  if (host === 'localhost' || host.endsWith('.localhost')) {
    if (!policy.allowPrivateNetworks) return { allowed: false, reason: 'address_not_allowed' };
    return { allowed: true, addresses: ['127.0.0.1', '::1'], port };
  }

  const route = followHostRules(policy.hostRules, host, port);
  if (route.end === 'not_found') return { allowed: false, reason: 'not_found' };
  if (route.end === 'rule_loop') return { allowed: false, reason: 'dns_error', detail: route.end };
  if (isIP(route.host)) return { allowed: true, addresses: [route.host], port: route.port };
  return decideResolution(policy, await policy.resolver.resolve(route.host), route.port);
}

function decideResolution(policy: EgressPolicy, resolution: Resolution, port: number): EgressDecision {
  if (resolution.ok) return decideAddresses(policy, resolution.addresses, port);
  const { reason, detail } = resolution;
  return { allowed: false, reason, ...(detail === undefined ? {} : { detail }) };
}

/** One address that is not public refuses them all: a name with mixed answers is an attack or a mistake. */
function decideAddresses(policy: EgressPolicy, addresses: readonly string[], port: number): EgressDecision {
  if (policy.allowPrivateNetworks) return { allowed: true, addresses, port };
  if (!addresses.every((address) => addressVerdict(address).public))
    return { allowed: false, reason: 'address_not_allowed' };
  if (!ALLOWED_PORTS.has(port)) return { allowed: false, reason: 'port_not_allowed' };
  return { allowed: true, addresses, port };
}

/** Lower case, without one trailing dot; null for anything that is neither a host name nor an address. */
export function normaliseHost(rawHost: string): string | null {
  const host = rawHost.toLowerCase().replace(/\.$/, '');
  if (host === '' || host.length > HOST_LENGTH_MAX) return null;
  if (isIP(host)) return host.includes('%') ? null : host; // A zone names a network of this machine.
  if (!/^[a-z0-9_.-]+$/.test(host)) return null;
  // A last label of digits, or one in hexadecimal, is an address in disguise and never a name.
  if (/(?:^|\.)(?:\d+|0x[0-9a-f]*)$/.test(host)) return null;
  return host;
}
