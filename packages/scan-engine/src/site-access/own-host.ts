/** The one host that a scan's secrets may be sent to: that of the address it was asked to scan. */
export interface OwnHost {
  readonly hostname: string;
  /** Whether a request to this address may carry what was given for the site. */
  includes(url: string): boolean;
  /** The same as patterns of the protocol's `Fetch` domain. */
  readonly patterns: readonly string[];
}

/**
 * Another port of the host may be another server, and what was given for an encrypted address must not travel
 * unencrypted; a plain address that leads to its encrypted twin is one site.
 */
export function ownHost(startUrl: string): OwnHost {
  const start = new URL(startUrl);
  const { protocol, hostname, host, port } = start;
  const origins = new Set([start.origin]);
  if (protocol === 'http:' && port === '') origins.add(`https://${host}`);
  return {
    hostname,
    includes: (url) => URL.canParse(url) && origins.has(new URL(url).origin),
    patterns: [...origins].map((origin) => `${origin}/*`),
  };
}
