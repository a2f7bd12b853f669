import { describe, expect, it } from '@jest/globals';
import { apiKeyPrefixOf, newApiKeyText } from './api-key-text.ts';
import { isFromOneOf } from './caller-network.ts';

describe('the text of an API key', () => {
  it('is recognised, and names itself by its prefix', () => {
    const text = newApiKeyText();
    expect(text).toMatch(/^cks_live_\w{8}_\w{32}_\w{6}$/);
    expect(apiKeyPrefixOf(text)).toBe(text.slice(0, 17));
  });

  it('is refused with any one character changed, or one missing', () => {
    const text = newApiKeyText();
    for (let at = 9; at < text.length; at += 1) {
      if (text[at] === '_') continue;
      const other = text[at] === 'a' ? 'b' : 'a';
      expect(apiKeyPrefixOf(text.slice(0, at) + other + text.slice(at + 1))).toBeNull();
      expect(apiKeyPrefixOf(text.slice(0, at) + text.slice(at + 1))).toBeNull();
    }
  });
});

describe('a key that is bound to networks', () => {
  const networks = ['192.0.2.7', '198.51.100.0/24', '2001:db8::/32'];
  it.each(['192.0.2.7', '198.51.100.9', '2001:db8::1', '::ffff:192.0.2.7'])('works from %s', (address) => {
    expect(isFromOneOf(address, networks)).toBe(true);
  });
  it.each(['192.0.2.8', '198.51.101.1', '2001:db9::1', '::1', 'nonsense', null])('not from %s', (address) => {
    expect(isFromOneOf(address, networks)).toBe(false);
  });
  it('works from everywhere when it names none', () => {
    expect(isFromOneOf(null, [])).toBe(true);
  });
});
