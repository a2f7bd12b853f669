import { parseHostRules } from '@cookie-scanner/url-policy';
import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testSite } from '../test-site.test.helper.ts';
import { siteFiles, type SiteFiles } from './site-file.ts';

const LIMIT_MS = 60_000;

const site = testSite('site-file', {
  '/plain.txt': ({ response }) => void response.end('plain'),
  '/hops': ({ response, url }) => {
    const left = Number(url.searchParams.get('left'));
    response.writeHead(302, { location: left > 0 ? `/hops?left=${left - 1}` : '/plain.txt' }).end();
  },
  '/inside': ({ response }) => void response.writeHead(302, { location: 'http://127.0.0.1/' }).end(),
  '/elsewhere': ({ response }) => void response.writeHead(302, { location: 'https://other.test/' }).end(),
  '/file': ({ response }) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/silent': () => undefined,
  '/breaks': ({ response }) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => response.destroy());
  },
});

let web: TestWeb;
let files: SiteFiles;

beforeAll(async () => {
  web = await startTestWeb({ extraSites: [site] });
  files = siteFiles({
    egressPolicy: {
      hostRules: parseHostRules(web.hostResolverRules),
      allowPrivateNetworks: false,
      resolver: { resolve: async () => await Promise.resolve({ ok: false, reason: 'not_found' }) },
    },
    userAgent: 'Test/1.0',
    ignoreCertificateErrors: true,
  });
});
afterAll(async () => {
  await files.close();
  await web.close();
});

/** Status and length of a file, read to its end. */
async function read(url: string, limitMs = LIMIT_MS): Promise<{ status: number; bytes: number }> {
  const { status, chunks } = await files.open(url, AbortSignal.timeout(limitMs));
  let bytes = 0;
  for await (const chunk of chunks) bytes += chunk.length;
  return { status, bytes };
}

describe('a file for robots', () => {
  it('is read over http and https, and over redirects within its site', async () => {
    expect(await read('http://site-file.test/plain.txt')).toEqual({ status: 200, bytes: 5 });
    expect(await read('https://site-file.test/plain.txt')).toEqual({ status: 200, bytes: 5 });
    expect(await read('https://site-file.test/hops?left=4')).toEqual({ status: 200, bytes: 5 });
  });

  it.each([
    ['https://site-file.test/hops?left=5', 'redirects too often'],
    ['https://site-file.test/inside', 'leads to another site'],
    ['https://site-file.test/elsewhere', 'leads to another site'],
    ['https://site-file.test/file', 'leads to another site'],
    ['https://site-file.test/breaks', 'broke off'],
    ['http://127.0.0.1/robots.txt', 'could not be reached'],
    ['http://169.254.169.254/robots.txt', 'could not be reached'],
    ['https://sitemap-bombs.test/packed.xml.gz', 'is packed so that it bursts'],
    ['https://sitemap-bombs.test/packed-twice.xml.gz', 'is packed so that it bursts'],
  ])('%s is not read: it %s', async (url, problem) => {
    await expect(read(url)).rejects.toThrow(problem);
    expect(web.privateConnectionCount()).toBe(0);
  });

  it.each(['https://site-file.test/silent', 'https://sitemap-bombs.test/endless.xml'])(
    '%s is given up when the time is over',
    async (url) => {
      await expect(read(url, 500)).rejects.toThrow('did not come in time');
    },
  );

  it('is unpacked where it is packed', async () => {
    const { status, bytes } = await read('https://mapped-shop.test/sitemaps/products.xml.gz');
    expect(status).toBe(200);
    expect(bytes).toBeGreaterThan(3_000_000);
  });
});
