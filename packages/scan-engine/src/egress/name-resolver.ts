import { Resolver } from 'node:dns/promises';
import { dnsErrorCode, isAbsence } from './dns-answer.ts';

/** Addresses of a name, or why there are none. */
export type Resolution =
  | { ok: true; addresses: readonly string[] }
  | {
      ok: false;
      reason: 'not_found' | 'dns_error';
      /** What the name server answered, such as `servfail` or `timeout`. */
      detail?: string;
    };

/** Resolves names for the scans of one engine. */
export interface NameResolver {
  resolve(host: string): Promise<Resolution>;
}

/** Which name servers are asked, and how long. */
export interface NameServers {
  /** `ip` or `ip:port`, IPv6 with a port in brackets; none for the system's. */
  readonly servers: readonly string[];
  /** Wait for the first answer; a second try waits longer. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 3_000;

/** A resolver of Node's that asks these servers, and the hosts file never: names there lead into private networks. */
export function dnsClient({ servers, timeoutMs = TIMEOUT_MS }: NameServers): Resolver {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
  if (servers.length > 0) resolver.setServers(servers);
  return resolver;
}

/**
 * Asks name servers for addresses. IPv4 addresses come first, because a host without IPv6 connectivity would wait
 * for each of the others.
 */
export function createNameResolver(nameServers: NameServers): NameResolver {
  const resolver = dnsClient(nameServers);
  return {
    async resolve(host) {
      const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
      const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
      if (addresses.length > 0) return { ok: true, addresses };
      const codes = answers.map((answer) =>
        answer.status === 'rejected' ? dnsErrorCode(answer.reason) : 'nodata',
      );
      // The one answer that is a failure says more than the other, which may only be that there is no such record.
      const failure = codes.find((code) => !isAbsence(code));
      return failure === undefined
        ? { ok: false, reason: 'not_found' }
        : { ok: false, reason: 'dns_error', detail: failure };
    },
  };
}
