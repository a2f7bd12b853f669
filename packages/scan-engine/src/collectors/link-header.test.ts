import { describe, expect, it } from '@jest/globals';
import { preloadsIn } from './link-header.ts';

describe('links of a header', () => {
  it.each([
    ['</a.css>; rel=preload; as=style', ['https://shop.test/a.css']],
    ['<https://cdn.test/a.js>; as=script; rel="preload"', ['https://cdn.test/a.js']],
    [
      '</a,b.js>; rel=modulepreload, </c.css>; rel=preload',
      ['https://shop.test/a,b.js', 'https://shop.test/c.css'],
    ],
    ['</a.css>; rel=preload\n</b.css>; rel=preload', ['https://shop.test/a.css', 'https://shop.test/b.css']],
    ['</a.css>; rel=preload, </a.css>; rel=preload', ['https://shop.test/a.css']],
    ['<https://cdn.test>; rel=preconnect', []],
    ['</next>; rel=next; title="rel=preload"', []],
    ['<data:text/css,x>; rel=preload', []],
    ['nonsense <', []],
  ])('%j are loaded at once: %j', (value, expected) => {
    expect(preloadsIn({ Link: value }, 'https://shop.test/x')).toEqual(expected);
  });
});
