import { Resolver } from 'node:dns/promises';

/** Addresses of a name, or why there are none. */
export type Resolution =
  { ok: true; addresses: readonly string[] } | { ok: false; reason: 'not_found' | 'dns_error' };

/** Resolves names for the scans of one engine. */
export interface NameResolver {
  resolve(host: string): Promise<Resolution>;
}

const TIMEOUT_MS = 3_000;
const NOT_FOUND_CODES: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/**
 * Asks the system's name servers directly. The hosts file is not read: names there lead into private networks.
 * IPv4 addresses come first, because a host without IPv6 connectivity would wait for each of the others.
 */
export function createNameResolver(): NameResolver {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 2 });
  return {
    async resolve(host) {
      const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
      const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
      if (addresses.length > 0) return { ok: true, addresses };
      const codes = answers.map((answer) => (answer.status === 'rejected' ? errorCode(answer.reason) : ''));
      return {
        ok: false,
        reason: codes.every((code) => NOT_FOUND_CODES.has(code)) ? 'not_found' : 'dns_error',
      };
    },
  };
}

function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
