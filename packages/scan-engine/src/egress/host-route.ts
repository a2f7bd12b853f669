import type { HostRules } from '@cookie-scanner/url-policy';
import { isIP } from 'node:net';

/** Where the host rules send a connection. */
export interface HostRoute {
  /** Names that the rules put in the place of the one asked for, in order. */
  readonly aliases: readonly string[];
  /** Name or address to connect to, and its port. */
  readonly host: string;
  readonly port: number;
  readonly end: 'not_mapped' | 'mapped' | 'not_found' | 'rule_loop';
}

/** Rules that lead further than this are a mistake. */
const STEPS_MAX = 8;

/**
 * Follows the host rules until none applies any more. A rule whose target is a name makes an alias, so the rules
 * are applied again to that name. A target that the rules map to itself is where they end.
 */
export function followHostRules(rules: HostRules, host: string, port: number): HostRoute {
  const aliases: string[] = [];
  const seen = new Set<string>();
  let at = { host, port };
  let isMapped = false;
  for (;;) {
    seen.add(`${at.host}:${at.port}`);
    const mapped = isIP(at.host) ? null : rules.map(at.host, at.port);
    if (mapped?.kind === 'notFound') return { aliases, ...at, end: 'not_found' };
    const next = mapped && { host: mapped.host.toLowerCase(), port: mapped.port };
    if (!next || (next.host === at.host && next.port === at.port))
      return { aliases, ...at, end: isMapped || next ? 'mapped' : 'not_mapped' };
    if (seen.has(`${next.host}:${next.port}`) || seen.size > STEPS_MAX)
      return { aliases, ...at, end: 'rule_loop' };
    if (!isIP(next.host) && next.host !== at.host) aliases.push(next.host);
    isMapped = true;
    at = next;
  }
}
