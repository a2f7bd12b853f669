import { isIP } from 'node:net';
import type { AliasChain } from './alias-lookup.ts';
import { normaliseHost, type EgressPolicy } from './egress-policy.ts';
import { followHostRules } from './host-route.ts';

/** All names that a host is an alias of: first by the host rules, then by the name servers. */
export async function hostAliases(policy: EgressPolicy, rawHost: string, port: number): Promise<AliasChain> {
  const none = { names: [], isComplete: true };
  const host = normaliseHost(rawHost);
  if (host === null || isIP(host)) return none;
  const route = followHostRules(policy.hostRules, host, port);
  const byRules = { names: route.aliases, isComplete: route.end !== 'rule_loop' };
  const { aliases } = policy;
  if (!aliases || (route.end !== 'not_mapped' && !aliases.asksForMappedNames)) return byRules;
  const lastName = route.aliases.at(-1) ?? host;
  if (lastName === 'localhost' || lastName.endsWith('.localhost')) return byRules;
  const byServers = await aliases.chainOf(lastName);
  return {
    names: [...byRules.names, ...byServers.names],
    isComplete: byRules.isComplete && byServers.isComplete,
  };
}
