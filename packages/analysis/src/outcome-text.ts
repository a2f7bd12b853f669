/** Reasons of outcomes in words that complete "because …". Codes are those of the scan engine and of the platform. */
const REASONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    dns_not_found: 'its name does not exist',
    dns_error: 'its name could not be resolved to an address',
    connection_failed: 'no connection to the server could be made, or it broke off',
    connection_timeout: 'the server did not answer the connection',
    certificate_error: 'its certificate or encryption was not accepted',
    too_many_redirects: 'it redirects without end',
    blocked_redirect: 'it redirects to an address that a scan must not contact',
    leads_off_site: 'it leads to another site, where the scan did not follow',
    address_not_allowed: 'it leads to a private or reserved address',
    port_not_allowed: 'it is on a port that a scan must not use',
    host_not_allowed: 'its address names no host of the internet',
    authentication_required: 'it asks for a user name and password',
    credentials_rejected: 'it did not accept the user name and password that were given',
    login_failed: 'the login did not succeed',
    bot_wall: 'it shows a check against automated visitors',
    forbidden: 'the server forbids access',
    rate_limited: 'the server says that it got too many requests',
    no_content: 'the server answered without a page',
    download: 'the address leads to a download and not to a page',
    timeout: 'it took too long',
    load_timeout: 'the page did not finish loading in time',
    size_limit: 'the site used more network than a scan may',
    page_crashed: 'the page crashed the browser tab',
    resource_limit: 'it used more memory than a scan may',
    browser_unavailable: 'the browser of the scanner failed each time it was tried',
    storage_unavailable: 'the scanner could not store what it saw',
    egress_unavailable: 'the scanner’s own way to the network failed each time it was tried',
    access_unreadable: 'what was given to open it could not be decrypted',
    internal_error: 'of a fault in the scanner itself',
    worker_crashed: 'the scanner itself crashed each time it tried',
  }),
);

/**
 * A machine-readable reason in plain words. A code that is not known here is shown as it is, so that nothing is
 * hidden.
 *
 * @returns null when there is no reason
 */
export function reasonText(reason: string | null): string | null {
  if (reason === null) return null;
  const status = /^http_(\d{3})$/.exec(reason)?.[1];
  if (status !== undefined) return `the server answered with status ${status}`;
  return REASONS.get(reason) ?? `the reason given is “${reason.replaceAll('_', ' ')}”`;
}

/** Reasons for which the scanner turned away from a site, where others mean that the site turned the scanner away. */
const REFUSED_BY_US: ReadonlySet<string> = new Set([
  'address_not_allowed',
  'port_not_allowed',
  'host_not_allowed',
  'blocked_redirect',
]);

/** Who kept a blocked scan out, as the rest of a sentence that begins with the site. */
export function blockedText(reason: string | null): string {
  return reason !== null && REFUSED_BY_US.has(reason) ? 'was not scanned' : 'did not let the scan in';
}
