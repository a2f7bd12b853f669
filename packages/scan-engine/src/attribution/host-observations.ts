import type { HostObservation } from '@cookie-scanner/contracts';
import type { HostRecord } from '../egress/host-log.ts';
import { siteOf } from '../site.ts';

/** A page can ask for hosts without end; real ones ask for some hundreds at most. */
const HOSTS_MAX = 1_000;

/** The hosts of a scan, and what a reader must know of the list. */
export interface HostList {
  readonly hosts: HostObservation[];
  readonly notes: string[];
}

/**
 * Joins what the gateway knows of hosts with the requests that were made to them, by name.
 *
 * @param urls - of every request and redirect hop
 * @param ownSite - site of the page that was finally shown
 */
export function hostObservations(
  records: readonly HostRecord[],
  urls: readonly string[],
  ownSite: string,
): HostList {
  const requestCounts = new Map<string, number>();
  for (const url of urls) {
    const host = hostOf(url);
    requestCounts.set(host, (requestCounts.get(host) ?? 0) + 1);
  }
  const recordsByHost = Map.groupBy(records, ({ host }) => host.toLowerCase());
  const names = [...new Set([...requestCounts.keys(), ...recordsByHost.keys()])].sort();
  const hosts = names.slice(0, HOSTS_MAX).map((host): HostObservation => {
    const known = recordsByHost.get(host) ?? [];
    const telling = known.find(({ outcome }) => outcome === 'connected') ?? known.at(-1);
    return {
      host,
      party: siteOf(host) === ownSite ? 'first' : 'third',
      requests: requestCounts.get(host) ?? 0,
      address: telling?.address ?? null,
      cnames: [...new Set(known.flatMap(({ cnames }) => cnames))],
      outcome: telling?.outcome ?? 'not_asked',
      detail: telling?.detail ?? null,
    };
  });
  return { hosts, notes: notesOn(names.length, records) };
}

function notesOn(hostCount: number, records: readonly HostRecord[]): string[] {
  const unknown = new Set(
    records
      .filter(({ aliasesKnown, address }) => !aliasesKnown && address !== null)
      .map(({ host }) => host.toLowerCase()),
  );
  return [
    ...(hostCount > HOSTS_MAX ? [`The site used ${hostCount} hosts; ${HOSTS_MAX} of them are listed.`] : []),
    ...(unknown.size > 0
      ? [`The name servers did not tell of ${unknown.size} hosts whether they are aliases (CNAME) of others.`]
      : []),
  ];
}

/** As the browser asks the gateway for it: without the brackets of an IPv6 address. */
function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}
