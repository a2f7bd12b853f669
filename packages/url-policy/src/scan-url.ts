import { AppError } from '@cookie-scanner/errors';
import ipaddr from 'ipaddr.js';
import { addressVerdict } from './public-address.ts';

const URL_LENGTH_MAX = 8_192;
const HOST_LENGTH_MAX = 253;
const LABEL_LENGTH_MAX = 63;

/** Ports a scan may start on; the egress gateway holds subresources to the same list. */
const ALLOWED_PORTS: ReadonlySet<string> = new Set(['', '80', '443', '8080', '8443']);

/**
 * Top-level names that never lead to the public internet.
 *
 * @see https://www.iana.org/assignments/special-use-domain-names
 */
const NON_PUBLIC_SUFFIXES = [
  'localhost',
  'local',
  'internal',
  'intranet',
  'lan',
  'home.arpa',
  'onion',
  'alt',
];

interface ScanUrlOptions {
  /** Accept private addresses and single-label names (setting `SCAN_ALLOW_PRIVATE_NETWORKS`). */
  readonly allowPrivateNetworks?: boolean;
}

/**
 * Parses the address of a site to scan, as given by a stranger.
 *
 * This is the syntactic half of the guard: what a name resolves to is judged by the egress gateway at
 * connection time, because it may change in between.
 *
 * @returns the normalised URL, without fragment
 * @throws AppError URL_INVALID when it is not an http(s) URL that can be scanned
 * @throws AppError ADDRESS_NOT_ALLOWED when it names a private, local or reserved address
 */
export function parseScanUrl(text: string, { allowPrivateNetworks = false }: ScanUrlOptions = {}): URL {
  if (text.length > URL_LENGTH_MAX) throw invalid(`a URL has at most ${URL_LENGTH_MAX} characters`);
  if (/[\u0000-\u0020\u007f]/.test(text.trim()))
    throw invalid('a URL contains no spaces or control characters');
  if (!URL.canParse(text)) throw invalid('give a full URL such as https://example.com/');

  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw invalid(`only http and https can be scanned, not ${url.protocol.slice(0, -1)}`);
  }
  if (!/^https?:\/\/[^/\\]/i.test(text.trim())) throw invalid('write // between the scheme and the host');
  if (url.username !== '' || url.password !== '')
    throw invalid('a URL must not contain a user name or password');
  url.hash = '';

  checkHostName(url.hostname);
  if (!allowPrivateNetworks) {
    if (!ALLOWED_PORTS.has(url.port))
      throw invalid(`port ${url.port} cannot be scanned; use 80, 443, 8080 or 8443`);
    refuseNonPublicHost(url.hostname);
  }
  return url;
}

function checkHostName(hostname: string): void {
  if (hostname.startsWith('[')) return;
  const host = hostname.replace(/\.$/, '');
  if (host === '' || host.length > HOST_LENGTH_MAX) throw invalid('the host name is empty or too long');
  for (const label of host.split('.')) {
    if (label === '' || label.length > LABEL_LENGTH_MAX)
      throw invalid('a label of the host name is empty or too long');
    if (!/^[a-z0-9_-]+$/.test(label))
      throw invalid('the host name contains characters that no host name has');
  }
}

function refuseNonPublicHost(hostname: string): void {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (ipaddr.isValid(host)) {
    const verdict = addressVerdict(host);
    if (!verdict.public)
      throw notAllowed(`${host} is not an address of the public internet (${verdict.range})`);
    return;
  }
  const isNonPublic = NON_PUBLIC_SUFFIXES.some((suffix) => host === suffix || host.endsWith(`.${suffix}`));
  if (isNonPublic || !host.includes('.')) throw notAllowed(`${host} is not a name of the public internet`);
}

function invalid(reason: string): AppError {
  return new AppError('URL_INVALID', `This URL cannot be scanned: ${reason}.`);
}

function notAllowed(reason: string): AppError {
  return new AppError('ADDRESS_NOT_ALLOWED', `This address must not be scanned: ${reason}.`);
}
