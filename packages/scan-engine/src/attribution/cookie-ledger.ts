import type { CookieEvent, Setter } from '@cookie-scanner/contracts';
import { cookieKey, jarKey, type JarCookie, type JarSnapshot } from '../collectors/cookie-jar.ts';
import type { CookieRequest } from '../collectors/cookie-line.ts';
import { siteOf } from '../site.ts';
import type { CookieClearing, CookieWrite } from './cookie-writes.ts';
import { refusalReason } from './refusal-reason.ts';

/** The history of one cookie: who made it, and everything that happened to it. */
export interface LedgerEntry {
  /** Who set it for the first time, or again after it was deleted. */
  setter: Setter;
  /** As last asked for. */
  cookie: CookieRequest;
  readonly domain: string;
  readonly hostOnly: boolean;
  readonly events: CookieEvent[];
  isAlive: boolean;
  /** False while nobody has seen it in the jar or read it back. */
  wasStored: boolean;
  /** Address of the last write, for a verdict on a write that did not succeed. */
  url: string;
}

/** The histories of all cookies of one scan. */
export interface CookieLedger {
  /** History of a cookie that is in the jar; null when nobody was seen writing it. */
  find(cookie: JarCookie): LedgerEntry | null;
  entries(): readonly LedgerEntry[];
}

/**
 * Replays all writes that the browser did not refuse.
 *
 * @param snapshots - every reading of the jar; tells of unsure writes whether they succeeded
 * @param clearings - answers with which sites cleared all their cookies, oldest first
 */
export function buildCookieLedger(
  writes: readonly CookieWrite[],
  snapshots: readonly JarSnapshot[],
  clearings: readonly CookieClearing[] = [],
): CookieLedger {
  const entries = new Map<string, LedgerEntry>();
  const inJar = new Set(snapshots.flatMap(({ jar }) => jar.map(jarKey)));

  const due = [...clearings];
  const clearUntil = (atMs: number): void => {
    for (let next = due[0]; next && next.atMs <= atMs; next = due[0]) {
      const { url } = next;
      due.shift();
      for (const entry of entries.values())
        if (siteOf(entry.domain) === siteOf(url))
          end(entry, { atMs: next.atMs, action: 'deleted', kind: 'http', url });
    }
  };

  for (const write of writes) {
    clearUntil(write.atMs);
    if (write.outcome === 'refused') continue;
    const { domain, hostOnly } = scopeOf(write);
    const key = cookieKey(write.cookie.name, domain, write.cookie.path, write.cookie.partitioned);
    const isDeletion = write.cookie.lifetimeSeconds !== null && write.cookie.lifetimeSeconds <= 0;
    const known = entries.get(key);
    if (isDeletion) {
      if (known) end(known, eventOf(write, 'deleted'));
      continue;
    }
    const wasStored = write.outcome === 'stored' || inJar.has(key);
    if (!known) {
      entries.set(key, {
        setter: write.setter,
        cookie: write.cookie,
        domain,
        hostOnly,
        events: [eventOf(write, 'set')],
        isAlive: true,
        wasStored,
        url: write.url,
      });
      continue;
    }
    if (!wasStored && known.wasStored) continue; // A write that failed changes nothing about the cookie it aimed at.
    if (!known.isAlive || !known.wasStored) known.setter = write.setter;
    known.events.push(eventOf(write, known.isAlive ? 'changed' : 'set'));
    known.cookie = write.cookie;
    known.isAlive = true;
    known.wasStored ||= wasStored;
    known.url = write.url;
  }
  clearUntil(Infinity);

  const loose = new Map<string, LedgerEntry>();
  for (const entry of entries.values())
    loose.set(looseKey(entry.cookie.name, entry.domain, entry.cookie.partitioned), entry);
  return {
    find: (cookie) =>
      entries.get(jarKey(cookie)) ??
      loose.get(looseKey(cookie.name, cookie.domain, cookie.partitionSite !== null)) ??
      null,
    entries: () => [...entries.values()],
  };
}

/** Ends a cookie's life, if it has one. */
function end(entry: LedgerEntry, event: CookieEvent): void {
  if (!entry.isAlive) return;
  entry.isAlive = false;
  // What is deleted was there, unless no browser would have taken it: libraries try every domain and clean up.
  entry.wasStored ||= refusalReason(entry.cookie, entry.url) === 'NotStored';
  entry.events.push({ ...event, atMs: Math.round(event.atMs) });
}

function scopeOf({ cookie, host }: CookieWrite): { domain: string; hostOnly: boolean } {
  if (cookie.domain === null || isAddress(host)) return { domain: host, hostOnly: true };
  return { domain: `.${cookie.domain}`, hostOnly: false };
}

function isAddress(host: string): boolean {
  return host.includes(':') || /^\d+\.\d+\.\d+\.\d+$/.test(host);
}

function eventOf(write: CookieWrite, action: CookieEvent['action']): CookieEvent {
  const { kind: setterKind } = write.setter;
  const kind = setterKind === 'unknown' || setterKind === 'preset' ? 'http' : setterKind;
  return { atMs: Math.round(write.atMs), action, kind, url: write.setter.url };
}

/** Without path and leading dot, for writes whose scope the browser read differently than we did. */
function looseKey(name: string, domain: string, partitioned: boolean): string {
  return [name, domain.replace(/^\./, ''), partitioned ? 'partitioned' : ''].join('\u0000');
}
