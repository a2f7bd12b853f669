import { dnsErrorCode, isAbsence } from './dns-answer.ts';
import { dnsClient, type NameServers } from './name-resolver.ts';

/** The names that a name is an alias of, in order. */
export interface AliasChain {
  readonly names: readonly string[];
  /** False when a name server failed to answer, or the chain is too long or leads back into itself. */
  readonly isComplete: boolean;
}

/** Follows CNAME records for the scans of one engine. */
export interface AliasLookup {
  /** Whether names that a host rule maps are asked for too: only where somebody chose the name servers. */
  readonly asksForMappedNames: boolean;
  chainOf(host: string): Promise<AliasChain>;
}

/** What real chains stay below by far; resolvers give up at about this length too. */
const CHAIN_LENGTH_MAX = 8;
/** Aliases of trackers change in days, not in minutes. */
const KEPT_MS = 10 * 60_000;
const KEPT_MAX = 5_000;

/**
 * Asks for the CNAME of a name, then for that of the name it leads to, and so on. Answers are kept for some
 * minutes, so that a host which many sites use is asked for once.
 */
export function createAliasLookup(nameServers: NameServers): AliasLookup {
  const client = dnsClient(nameServers);
  const kept = new Map<string, { chain: Promise<AliasChain>; atMs: number }>();

  const follow = async (host: string): Promise<AliasChain> => {
    const names: string[] = [];
    for (let name = host; names.length < CHAIN_LENGTH_MAX;) {
      const answer = await client.resolveCname(name).then(
        ([target]) => target?.toLowerCase().replace(/\.$/, '') ?? null,
        (error: unknown) => (isAbsence(dnsErrorCode(error)) ? null : undefined),
      );
      if (answer === null) return { names, isComplete: true };
      if (answer === undefined || answer === host || names.includes(answer))
        return { names, isComplete: false };
      names.push(answer);
      name = answer;
    }
    return { names, isComplete: false };
  };

  return {
    asksForMappedNames: nameServers.servers.length > 0,
    chainOf(host) {
      const nowMs = performance.now();
      const known = kept.get(host);
      if (known && nowMs - known.atMs < KEPT_MS) return known.chain;
      const chain = follow(host);
      kept.delete(host);
      kept.set(host, { chain, atMs: nowMs });
      const [oldest] = kept.keys();
      if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
      return chain;
    },
  };
}
