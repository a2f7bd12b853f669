import { describe, expect, it } from '@jest/globals';
import { parseGpc } from '../gpc/gpc-declaration.ts';
import { declarationFiles } from './manager-declarations.ts';

function read(url: string, text: string): unknown {
  const [file] = declarationFiles([url]);
  return file?.read(text);
}

describe('declarations of consent managers', () => {
  it('are found among the requests of a page, each once', () => {
    const urls = [
      'https://shop.test/en.json',
      'https://consent.cookiebot.com/0a-1b/cc.js?x=1',
      'https://consent.cookiebot.com/0a-1b/cc.js?x=1',
    ];
    expect(declarationFiles(urls).map(({ source, url }) => [source, url])).toEqual([['Cookiebot', urls[1]]]);
  });

  it('of Cookiebot are tables in its script', () => {
    const script = `var a = 1; CookieConsentDialog.cookieTableAdvertising = [["_ads","shop.test","Ads <b>here</b>","1 year","HTTP","1"]];CookieConsentDialog.cookieTableNecessary = [];`;
    expect(read('https://consent.cookiebot.com/0a-1b/cc.js', script)).toEqual([
      { name: '_ads', domain: 'shop.test', category: 'Advertising', lifetimeText: '1 year', vendor: null },
    ]);
  });

  it('of Termly are cookies by category', () => {
    const body = JSON.stringify({
      cookies: {
        advertising: [
          { name: 'uid', domain: 'ads.test', category: 'advertising', expire: '1 year', service: 'Ads Inc.' },
        ],
      },
    });
    expect(read('https://app.termly.io/api/v1/snippets/websites/1a-2b', body)).toEqual([
      {
        name: 'uid',
        domain: 'ads.test',
        category: 'advertising',
        lifetimeText: '1 year',
        vendor: 'Ads Inc.',
      },
    ]);
  });
});

describe('a statement on Global Privacy Control', () => {
  it.each([
    ['{"gpc":true,"lastUpdate":"2026-01-01"}', { honoursGpc: true, lastUpdate: '2026-01-01' }],
    ['{"gpc":false}', { honoursGpc: false, lastUpdate: null }],
    ['{"gpc":"yes"}', { honoursGpc: null, lastUpdate: null }],
    ['<html>not found</html>', { honoursGpc: null, lastUpdate: null }],
    ['null', { honoursGpc: null, lastUpdate: null }],
  ])('%s', (text, said) => expect(parseGpc(text)).toEqual(said));
});
