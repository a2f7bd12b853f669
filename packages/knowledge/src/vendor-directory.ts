import type { KnownVendor } from '@cookie-scanner/contracts';

/** Finds who serves a host. */
export interface VendorDirectory {
  /** The vendor with the longest domain that the host lies under; null when there is none. */
  vendorOf(host: string): KnownVendor | null;
}

/**
 * Builds the directory.
 *
 * @param vendors - later ones win where two name the same domain
 */
export function vendorDirectory(vendors: readonly KnownVendor[]): VendorDirectory {
  const byDomain = new Map(vendors.flatMap((vendor) => vendor.domains.map((domain) => [domain, vendor])));
  return {
    vendorOf(host) {
      for (const domain of parentDomains(host)) {
        const vendor = byDomain.get(domain);
        if (vendor) return vendor;
      }
      return null;
    },
  };
}

/** The host itself and the domains above it, longest first. */
function* parentDomains(host: string): Generator<string> {
  let rest = host.toLowerCase().replace(/^\.|\.$/g, '');
  while (rest.includes('.')) {
    yield rest;
    rest = rest.slice(rest.indexOf('.') + 1);
  }
}

/** True when `host` is `domain` or lies under it. */
export function liesUnder(host: string, domain: string): boolean {
  const bare = host.toLowerCase().replace(/^\.|\.$/g, '');
  return bare === domain || bare.endsWith(`.${domain}`);
}
