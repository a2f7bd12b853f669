import { describe, expect, it } from '@jest/globals';
import { setterChain, setterChainText } from './setter-chain.ts';

const page = 'https://shop.example/';
const manager = 'https://tags.relay.example/tm.js?id=TR-1';
const tag = 'https://cdn.count.example/tag.js';

describe('setterChain', () => {
  it('leads from the document over the tag manager and the tag to the cookie', () => {
    const chain = setterChain({
      kind: 'javascript',
      url: tag,
      initiators: [manager, page],
      confidence: 'observed',
    });
    expect(setterChainText(chain, '_id')).toBe(
      'shop.example → tags.relay.example/tm.js → cdn.count.example/tag.js → _id',
    );
    expect(chain.site).toBe('count.example');
    expect(chain.links.map((link) => link.url)).toEqual([page, manager, tag]);
  });

  it('is one step long for a cookie of the document itself', () => {
    const chain = setterChain({ kind: 'http', url: page, initiators: [], confidence: 'observed' });
    expect(setterChainText(chain, 'sid')).toBe('shop.example → sid');
  });

  it('names a script without an address as what it is', () => {
    const chain = setterChain({ kind: 'javascript', url: null, initiators: [page], confidence: 'inferred' });
    expect(setterChainText(chain, 'a')).toBe('shop.example → script without an address → a');
    expect(chain.site).toBeNull();
  });

  it('admits that nobody was seen', () => {
    const chain = setterChain({ kind: 'unknown', url: null, initiators: [], confidence: 'unknown' });
    expect(chain).toMatchObject({ way: 'not seen', links: [], site: null });
    expect(setterChainText(chain, 'a')).toBe('(setter not seen) → a');
  });
});
