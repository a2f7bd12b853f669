import type { SetterChain } from '@cookie-scanner/analysis';
import type { CookieEvent, CookieObservation, Setter } from '@cookie-scanner/contracts';

const DATE_AND_TIME = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
});

/** "22 November 2026 at 09:14 UTC". @param iso - ISO 8601 */
export function utcText(iso: string): string {
  return `${DATE_AND_TIME.format(new Date(iso))} UTC`;
}

/** Bytes in the unit in which people talk about them. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** "1.32 s", counted from the start of the scan. */
export function offsetText(atMs: number): string {
  return `${(atMs / 1_000).toFixed(2)} s`;
}

const EVENT_WAYS: Record<CookieEvent['kind'], string> = {
  http: 'by a response header',
  javascript: 'by a script',
  'cookie-store': 'by a script through the Cookie Store',
};

/** "set by a script". */
export function eventText({ action, kind }: CookieEvent): string {
  return `${action} ${EVENT_WAYS[kind]}`;
}

const CONFIDENCE: Record<Setter['confidence'], string> = {
  observed: 'the writing itself was seen',
  inferred: 'concluded from traces, the writing itself was not seen',
  unknown: 'nobody was seen writing it',
};

/** How sure it is who set something. */
export function confidenceText(confidence: Setter['confidence']): string {
  return CONFIDENCE[confidence];
}

/** Which part of which site a cookie is sent to. */
export function scopeText({ domain, hostOnly, path }: CookieObservation): string {
  const hosts = hostOnly ? `${domain} only` : `${domain.replace(/^\./, '')} and its subdomains`;
  return path === '/' ? `${hosts}, every path` : `${hosts}, paths below ${path}`;
}

/** Site that set something, or what is known of a setter that belongs to no site; null when nobody was seen. */
export function setterText(chain: SetterChain): string | null {
  if (chain.site !== null) return chain.site;
  return chain.kind === 'unknown' ? null : (chain.links.at(-1)?.label ?? null);
}

/** Labels of a chain from the page to the setter; empty when the setter is all there is. */
export function chainLabels(chain: SetterChain): string[] {
  return chain.links.length > 1 ? chain.links.map((link) => link.label) : [];
}
