import type { Setter, SiteObservation } from '@cookie-scanner/contracts';
import { hostOf } from '../web-address.ts';

/** Names that hosts are aliases of, by host. */
export type Aliases = ReadonlyMap<string, readonly string[]>;

/** The aliases that the scan learnt of. */
export function aliasesOf({ hosts }: Pick<SiteObservation, 'hosts'>): Aliases {
  return new Map(hosts.map(({ host, cnames }) => [host, cnames]));
}

/**
 * Hosts that had to do with setting something, the nearest first, each once. A host that is an alias is followed by what
 * it stands for: `metrics.shop.example` may be a tracker's.
 */
export function setterHosts({ url, initiators }: Setter, aliases: Aliases): string[] {
  const hosts = [url, ...initiators].flatMap((one) => withAliases(one, aliases));
  return [...new Set(hosts)];
}

/** The host of the request or script that did it, and what it stands for; empty when nobody with an address was seen. */
export function nearestHosts({ url }: Setter, aliases: Aliases): string[] {
  return withAliases(url, aliases);
}

function withAliases(url: string | null, aliases: Aliases): string[] {
  const host = url === null ? null : hostOf(url);
  return host === null ? [] : [host, ...(aliases.get(host) ?? [])];
}
