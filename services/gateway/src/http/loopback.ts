import { isIPv4 } from 'node:net';

/** True for an address that only this machine has. */
export function isLoopbackAddress(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = address.replace(/^::ffff:(?=\d)/i, '');
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
}

/** True for a host name or literal that means this machine; without port, IPv6 without brackets. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || isLoopbackAddress(hostname);
}

/**
 * The host name of a `Host` header, in lower case, without port and brackets.
 *
 * @returns null when the header is not a host with an optional port
 */
export function hostnameOf(header: string): string | null {
  const parts = /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9._-]{1,253}))(?::\d{1,5})?$/i.exec(header);
  return (parts?.[1] ?? parts?.[2])?.toLowerCase() ?? null;
}
