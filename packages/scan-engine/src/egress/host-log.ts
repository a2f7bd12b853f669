import { hostAliases } from './host-aliases.ts';
import type { EgressPolicy, RefusalReason } from './egress-policy.ts';

/** One host and port as the gateway saw them. */
export interface HostRecord {
  readonly host: string;
  readonly port: number;
  /** How the last attempt to connect ended. */
  outcome: 'connected' | 'connect_failed' | 'connect_timeout' | RefusalReason;
  /** Address that was connected to; null when none was. */
  address: string | null;
  /** What the name server answered where that is why; null otherwise. */
  detail: string | null;
  /** Names it is an alias of, in order; empty as long as that is asked. */
  cnames: readonly string[];
  /** False while name servers have not told what it is an alias of, or when they failed to. */
  aliasesKnown: boolean;
  count: number;
}

/** The hosts that one scan asked for, in order of first request. */
export interface HostLog {
  /** Counts one connection that is asked for. A new host's aliases are asked for beside it, and nothing waits for them. */
  note(host: string, port: number): HostRecord;
  all(): readonly HostRecord[];
  /** Resolves when no name server is asked any more what a host is an alias of. */
  untilAliasesKnown(): Promise<void>;
}

/** Opens an empty log. */
export function createHostLog(policy: EgressPolicy): HostLog {
  const records = new Map<string, HostRecord>();
  const lookups = new Set<Promise<void>>();

  const askForAliases = (record: HostRecord): void => {
    const lookup = hostAliases(policy, record.host, record.port)
      .then(({ names, isComplete }) => {
        record.cnames = names;
        record.aliasesKnown = isComplete;
      })
      .finally(() => lookups.delete(lookup));
    lookups.add(lookup);
  };

  return {
    note(host, port) {
      const key = `${host}:${port}`;
      const known = records.get(key);
      const record = known ?? newRecord(host, port);
      record.count += 1;
      records.set(key, record);
      if (!known) askForAliases(record);
      return record;
    },
    all: () => [...records.values()],
    async untilAliasesKnown() {
      while (lookups.size > 0) await Promise.all(lookups);
    },
  };
}

function newRecord(host: string, port: number): HostRecord {
  return {
    host,
    port,
    outcome: 'connect_failed',
    address: null,
    detail: null,
    cnames: [],
    aliasesKnown: false,
    count: 0,
  };
}
