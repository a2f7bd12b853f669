/** What pages that look alike have in common. */
export interface PagePattern {
  /** Equal for addresses that differ in numbers, ids and headlines only. */
  readonly pattern: string;
  /** The same without the last part of the path. */
  readonly folder: string;
}

/** Parts of a path that name one thing of many: UUIDs and long hexadecimal. */
const ID = /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{12,})$/i;
const SEGMENT_LENGTH_MAX = 40;
/** Headlines have more words than names of sections. */
const HEADLINE_WORDS_MIN = 4;

/**
 * The pattern of an address: `/product/17` and `/product/18` have the same, `/product/17` and `/about` do not, and
 * neither do `/search?q=a` and `/search?page=2`. It is a guess from the address alone.
 */
export function pagePatternOf(address: string): PagePattern {
  const url = new URL(address);
  const segments = url.pathname.split('/').slice(1).map(segmentPattern);
  const names = [...new Set(url.searchParams.keys())].map(digitsAway).sort();
  const route = url.hash === '' ? '' : `#${url.hash.slice(1).split('/').map(segmentPattern).join('/')}`;
  const folder = [url.host, ...segments.slice(0, -1)].join('/');
  return { pattern: `${folder}/${segments.at(-1) ?? ''}?${names.join('&')}${route}`, folder };
}

function segmentPattern(encoded: string): string {
  const segment = decoded(encoded);
  const [, name = segment, extension = ''] = /^(.*?)(\.[a-z]{2,5})?$/i.exec(segment) ?? [];
  if (ID.test(name) || name.length > SEGMENT_LENGTH_MAX) return `*${extension}`;
  if (name.split(/[-_+]/).length >= HEADLINE_WORDS_MIN) return `*${extension}`;
  return digitsAway(segment);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // URIError: a percent sign that encodes nothing.
  }
}

function digitsAway(text: string): string {
  return text.replace(/\d+/g, '#');
}
