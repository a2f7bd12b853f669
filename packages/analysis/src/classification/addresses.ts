import type { SetterKind, SiteObservation } from '@cookie-scanner/contracts';

/** An address that something in an observation has to do with, as a filter list is asked about it. */
export interface ObservedAddress {
  readonly url: string;
  /** `host` stands for a host of which no request is known. */
  readonly kind: 'script' | 'request' | 'host';
}

/** The address that stands for a host of which no request is known. */
export function hostUrl(host: string): string {
  return `https://${host.replace(/^\./, '')}/`;
}

/**
 * The addresses that filter lists can say something about, each once: whoever set cookies and storage items, and every
 * host that was contacted or has a cookie. An observation does not keep the other requests.
 */
export function addressesOf(observation: SiteObservation): ObservedAddress[] {
  const { cookies, transientCookies, storage, hosts, requests } = observation;
  const setters = [...cookies, ...transientCookies, ...storage].flatMap(
    ({ setBy: { url, kind } }): ObservedAddress[] => (url === null ? [] : [{ url, kind: kindOf(kind) }]),
  );
  const names = [
    ...requests.hosts,
    ...hosts.map(({ host }) => host),
    ...[...cookies, ...transientCookies].map(({ domain }) => domain),
  ];
  const all = [...setters, ...names.map((name) => ({ url: hostUrl(name), kind: 'host' as const }))];
  return [...new Map(all.map((address) => [`${address.kind} ${address.url}`, address])).values()];
}

function kindOf(kind: SetterKind): 'script' | 'request' {
  return kind === 'http' ? 'request' : 'script';
}
