import { gzipSync } from 'node:zlib';
import { body, html } from '../answers.ts';
import type { Answer, Site } from '../site.ts';
import { truth } from '../truth-builders.ts';

const MAPPED = 'https://mapped-shop.test';
const BOMBS = 'https://sitemap-bombs.test';
const CLOSED = 'https://closed-to-robots.test';

/** As the sitemap protocol has it. */
const PAGES_MAX = 50_000;
const SAMPLES = 10;

function sitemap(urls: readonly string[]): string {
  const entries = urls.map((url) => `<url><loc>${url}</loc><lastmod>2026-11-27</lastmod></url>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${entries.join('\n')}</urlset>`;
}

const text = (content: string, setCookie: readonly string[] = []): Answer =>
  body('text/plain', content, { setCookie });
const xml = (content: string): Answer => body('application/xml', content);
/** Made when it is first asked for, because few tests do. */
function packed(content: () => string | Buffer): Answer {
  let bytes: Buffer | null = null;
  return async (exchange) => {
    bytes ??= gzipSync(content());
    await body('application/gzip', bytes)(exchange);
  };
}

const ENTITY_BOMB = `<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY a0 "lol">${Array.from(
  { length: 20 },
  (_, index) => `<!ENTITY a${index + 1} "&a${index};&a${index};&a${index};&a${index};">`,
).join('')}]><urlset><url><loc>${BOMBS}/&a20;</loc></url></urlset>`;

const endless: Answer = ({ response }) => {
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.write('<urlset>');
  const timer = setInterval(() => response.write('<url></url>'), 20);
  response.once('close', () => clearInterval(timer));
};

const pagesOf = (site: string, paths: readonly string[]): Record<string, 'success'> =>
  Object.fromEntries(paths.map((path) => [`${site}${path}`, 'success' as const]));
const productPaths = Array.from({ length: SAMPLES }, (_, index) => `/p/${index + 1}`);

/** Sites that tell robots where to go. */
export const exploredSitemaps: readonly Site[] = [
  {
    name: 'mapped-shop',
    url: `${MAPPED}/`,
    summary:
      'robots.txt sets a cookie, closes a part, and names an index of packed sitemaps with 50,000 products and with pages of other sites',
    routes: {
      'mapped-shop.test/': html('<a href="/about">About</a><a href="/private/account">Account</a>'),
      'mapped-shop.test/robots.txt': text(
        `User-agent: *\nDisallow: /private/\nSitemap: ${MAPPED}/sitemaps/index.xml\n`,
        ['robot=1; Path=/'],
      ),
      'mapped-shop.test/sitemaps/index.xml': xml(
        `<sitemapindex><sitemap><loc>${MAPPED}/sitemaps/products.xml.gz</loc></sitemap>
         <sitemap><loc>${MAPPED}/sitemaps/pages.xml</loc></sitemap>
         <sitemap><loc>https://mapped-shop-partner.test/sitemap.xml</loc></sitemap></sitemapindex>`,
      ),
      'mapped-shop.test/sitemaps/products.xml.gz': packed(() =>
        sitemap(Array.from({ length: PAGES_MAX }, (_, index) => `${MAPPED}/p/${index + 1}`)),
      ),
      'mapped-shop.test/sitemaps/pages.xml': xml(
        sitemap([
          'https://mapped-shop-partner.test/page',
          `${MAPPED}/hidden`,
          `${MAPPED}/private/plans`,
          `${MAPPED}/catalogue.pdf`,
        ]),
      ),
      'mapped-shop.test/about': html('<h1>About</h1>'),
      'mapped-shop.test/hidden': html('<h1>Hidden</h1>', { setCookie: ['hidden=1; Path=/'] }),
      'mapped-shop.test/private/*': html('<h1>Private</h1>', { setCookie: ['private=1; Path=/'] }),
      'mapped-shop.test/p/*': html('<a href="/p/77777">Next</a>', { setCookie: ['product=1; Path=/p'] }),
      'mapped-shop-partner.test/sitemap.xml': xml(sitemap([`${MAPPED}/from-partner`])),
    },
    truth: truth(`${MAPPED}/`),
    exploration: {
      mode: 'deep',
      pages: pagesOf(MAPPED, ['/', '/about', '/hidden', ...productPaths]),
      skippedPages: [`${MAPPED}/private/account`, `${MAPPED}/private/plans`],
      cookies: { hidden: [`${MAPPED}/hidden`], product: productPaths.map((path) => MAPPED + path) },
    },
  },
  {
    name: 'sitemap-bombs',
    url: `${BOMBS}/`,
    summary: 'Sitemaps that burst when they are unpacked, expanded or read to their end',
    routes: {
      'sitemap-bombs.test/': html('<a href="/fine">Fine</a>'),
      'sitemap-bombs.test/robots.txt': text(
        [
          'packed.xml.gz',
          'packed-twice.xml.gz',
          'nested.xml',
          'self.xml',
          'missing.xml',
          'moved.xml',
          'good.xml',
          'endless.xml',
        ]
          .map((file) => `Sitemap: ${BOMBS}/${file}`)
          .join('\n'),
      ),
      'sitemap-bombs.test/sitemap.xml': xml(ENTITY_BOMB),
      'sitemap-bombs.test/packed.xml.gz': packed(() => Buffer.alloc(60 * 1_024 * 1_024, ' ')),
      'sitemap-bombs.test/packed-twice.xml.gz': packed(() => gzipSync(Buffer.alloc(60 * 1_024 * 1_024, ' '))),
      'sitemap-bombs.test/nested.xml': xml(`<urlset>${'<a>'.repeat(200_000)}`),
      'sitemap-bombs.test/self.xml': xml(
        `<sitemapindex><sitemap><loc>${BOMBS}/self.xml</loc></sitemap></sitemapindex>`,
      ),
      'sitemap-bombs.test/moved.xml': ({ response }) => {
        response.writeHead(302, { location: 'https://sitemap-bombs-partner.test/sitemap.xml' }).end();
      },
      'sitemap-bombs.test/good.xml': xml(sitemap([`${BOMBS}/listed`])),
      'sitemap-bombs.test/endless.xml': endless,
      'sitemap-bombs.test/fine': html('<h1>Fine</h1>'),
      'sitemap-bombs.test/listed': html('<h1>Listed</h1>'),
      'sitemap-bombs-partner.test/sitemap.xml': xml(sitemap([`${BOMBS}/from-partner`])),
    },
    truth: truth(`${BOMBS}/`),
    exploration: {
      mode: 'deep',
      pages: pagesOf(BOMBS, ['/', '/fine', '/listed']),
      skippedPages: [],
      cookies: {},
    },
  },
  {
    name: 'closed-to-robots',
    url: `${CLOSED}/`,
    summary: 'robots.txt closes everything to all robots but this scanner, to which it closes one page',
    routes: {
      'closed-to-robots.test/': html('<a href="/closed?a=1">Closed</a><a href="/open">Open</a>'),
      'closed-to-robots.test/robots.txt': text(
        'User-agent: *\nDisallow: /\n\nUser-agent: Cookie-Scanner\nDisallow: /*a=\nDisallow: /$\n',
      ),
      'closed-to-robots.test/closed': html('<h1>Closed</h1>', { setCookie: ['closed=1; Path=/'] }),
      'closed-to-robots.test/open': html('<h1>Open</h1>'),
    },
    truth: truth(`${CLOSED}/`),
    exploration: {
      mode: 'standard',
      pages: pagesOf(CLOSED, ['/', '/open']),
      skippedPages: [`${CLOSED}/closed?a=1`],
      cookies: {},
    },
  },
];
