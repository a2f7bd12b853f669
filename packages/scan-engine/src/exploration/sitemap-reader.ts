import { SaxesParser } from 'saxes';
import { SiteFileError } from './site-file.ts';

/** What a sitemap lists, in order. */
export interface SitemapListener {
  page(url: string): void;
  /** A sitemap that an index of sitemaps names. */
  sitemap(url: string): void;
}

/** Takes one sitemap in pieces. */
export interface SitemapReader {
  /** @throws SiteFileError when it is none, or declares entities of its own as only bombs do */
  write(chunk: Buffer): void;
  end(): void;
}

/** Characters after which it is clear what a file is. */
const LEAD_LENGTH = 16;
const WEB_PAGE = /^<(?:!doctype\s+)?html\b/i;
const ROOTS: ReadonlySet<string> = new Set(['urlset', 'sitemapindex']);
/** Sitemaps have three levels; extensions for images and news some more. */
const NESTING_MAX = 16;
const LOCATION_LENGTH_MAX = 4_096;
/** What has more faults than this is something else. */
const FAULTS_MAX = 1_000;
/** Many sitemaps forget to escape the ampersands of addresses, and XML knows no way to read on after one. */
const BARE_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos|#x?[\da-f]{1,6});)/gi;
const HALF_A_REFERENCE = /&[#\w]{0,8}$/;

/** Says that an address leads to something else than a sitemap, as a page for all addresses that do not exist. */
export class NoSitemapError extends SiteFileError {
  constructor() {
    super('is no sitemap');
  }
}

/** Reads XML sitemaps, indexes of sitemaps, and texts with one address a line, without keeping them. */
export function sitemapReader(listener: SitemapListener): SitemapReader {
  const decoder = new TextDecoder();
  let reader: { write(text: string): void; end(): void } | null = null;
  let lead = '';
  const begin = (): void => {
    if (WEB_PAGE.test(lead)) throw new NoSitemapError();
    reader = lead.startsWith('<') ? xmlReader(listener) : lineReader(listener);
    reader.write(lead);
  };
  const write = (text: string): void => {
    if (reader) return void reader.write(text);
    lead = (lead + text).trimStart();
    if (lead.length >= LEAD_LENGTH) begin();
  };
  return {
    write: (chunk) => write(decoder.decode(chunk, { stream: true })),
    end() {
      write(decoder.decode());
      if (!reader) begin();
      reader?.end();
    },
  };
}

function xmlReader(listener: SitemapListener): { write(text: string): void; end(): void } {
  const parser = new SaxesParser();
  const open: string[] = [];
  let location: string | null = null;
  const addText = (text: string): void => {
    if (location !== null && location.length <= LOCATION_LENGTH_MAX) location += text;
  };
  let faults = 0;
  parser.on('error', () => {
    faults += 1;
    if (faults > FAULTS_MAX) throw new SiteFileError('is not well-formed');
  });
  parser.on('doctype', () => {
    throw new SiteFileError('declares a document type, which sitemaps have no use for');
  });
  parser.on('opentag', ({ name }) => {
    if (open.length === 0 && !ROOTS.has(localName(name))) throw new NoSitemapError();
    if (open.length >= NESTING_MAX) throw new SiteFileError('is nested too deeply');
    open.push(localName(name));
    // Images and videos of a page have a `loc` too.
    if (open.at(-1) === 'loc' && ['url', 'sitemap'].includes(open.at(-2) ?? '')) location = '';
  });
  parser.on('text', addText);
  parser.on('cdata', (text) => addText(text.replaceAll('&amp;', '&')));
  parser.on('closetag', () => {
    if (open.pop() !== 'loc' || location === null) return;
    if (open.at(-1) === 'sitemap') listener.sitemap(location.trim());
    else listener.page(location.trim());
    location = null;
  });
  let held = '';
  return {
    write(text) {
      const whole = held + text;
      const cut = HALF_A_REFERENCE.exec(whole)?.index ?? whole.length;
      held = whole.slice(cut);
      parser.write(whole.slice(0, cut).replace(BARE_AMPERSAND, '&amp;'));
    },
    end() {
      parser.write(held);
      parser.close();
    },
  };
}

function lineReader(listener: SitemapListener): { write(text: string): void; end(): void } {
  let rest = '';
  return {
    write(text) {
      const lines = (rest + text).split(/\r\n|\r|\n/);
      rest = (lines.pop() ?? '').slice(0, LOCATION_LENGTH_MAX);
      for (const line of lines) listener.page(line.trim());
    },
    end: () => listener.page(rest.trim()),
  };
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
