import type { Setter } from '@cookie-scanner/contracts';
import { hostOf, shortUrl, siteOf } from './web-address.ts';

/** One step on the way from the page to the cookie. */
interface ChainLink {
  /** Full address; null for a script without one, such as an inline handler. */
  readonly url: string | null;
  /** The address in short. */
  readonly label: string;
}

/** Who set something, and who brought them in. */
export interface SetterChain {
  readonly kind: Setter['kind'];
  /** `kind` in words: by which way it was set. */
  readonly way: string;
  /** Whether the writing itself was seen, concluded from traces, or neither. */
  readonly confidence: Setter['confidence'];
  /** From the document inwards; the last one did it. Empty when nobody was seen. */
  readonly links: readonly ChainLink[];
  /** Registrable domain of whoever did it; null when nobody with an address was seen. */
  readonly site: string | null;
}

const WAYS: Record<Setter['kind'], string> = {
  http: 'response header',
  javascript: 'script',
  'cookie-store': 'script (Cookie Store)',
  preset: 'brought along by the scan',
  unknown: 'not seen',
};

/** The way from the document to whoever set a cookie or a storage entry, outermost first. */
export function setterChain(setter: Setter): SetterChain {
  const outer = setter.initiators.toReversed().map((url) => ({ url, label: shortUrl(url) }));
  const isNobody = setter.url === null && (setter.kind === 'unknown' || setter.kind === 'preset');
  const links = isNobody ? outer : [...outer, setterLink(setter)];
  const host = setter.url === null ? null : hostOf(setter.url);
  return {
    kind: setter.kind,
    way: WAYS[setter.kind],
    confidence: setter.confidence,
    links,
    site: host === null ? null : siteOf(host),
  };
}

/** A chain in one line: `shop.example → tags.example/tm.js → stats.example/tag.js → _id`. */
export function setterChainText(chain: SetterChain, name: string): string {
  if (chain.kind === 'preset') return `(brought along by the scan) → ${name}`;
  if (chain.links.length === 0) return `(setter not seen) → ${name}`;
  return [...chain.links.map((link) => link.label), name].join(' → ');
}

function setterLink(setter: Setter): ChainLink {
  return setter.url === null
    ? { url: null, label: 'script without an address' }
    : { url: setter.url, label: shortUrl(setter.url) };
}
