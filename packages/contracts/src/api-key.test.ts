import { describe, expect, it } from '@jest/globals';
import { apiKeyCreateSchema, apiKeyTextSchema, apiKeyUpdateSchema, callerNetworkSchema } from './api-key.ts';
import { accepts, ID, problemsOf } from './problems-of.test.helper.ts';

const KEY = { name: 'Build server', scopes: ['scans:write', 'scans:read'] };

describe('a new API key', () => {
  it('needs a name and scopes; then it works everywhere and for ever', () => {
    expect(apiKeyCreateSchema.parse(KEY)).toEqual({
      ...KEY,
      rateLimitPerMinute: null,
      callerNetworks: [],
      expiresAt: null,
    });
  });

  it.each([
    ['no scopes', { scopes: [] }, 'scopes'],
    ['a scope twice', { scopes: ['scans:read', 'scans:read'] }, 'scopes'],
    ['an unknown scope', { scopes: ['*'] }, 'scopes.0'],
    ['no requests', { rateLimitPerMinute: 0 }, 'rateLimitPerMinute'],
    ['a billion requests', { rateLimitPerMinute: 1e9 }, 'rateLimitPerMinute'],
    ['an end in the past', { expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    ['an end without a zone', { expiresAt: '2099-01-01T00:00:00' }, 'expiresAt'],
    ['a name for a network', { callerNetworks: ['localhost'] }, 'callerNetworks.0'],
    ['its own secret', { secret: 'x' }, ''],
    ['another owner', { createdBy: ID }, ''],
    ['another workspace', { workspaceId: ID }, ''],
  ])('is refused with %s', (_what, change, path) => {
    expect(problemsOf(apiKeyCreateSchema, { ...KEY, ...change })).toEqual([
      expect.stringMatching(`^${path}: `),
    ]);
  });

  it.each(['192.0.2.7', '192.0.2.0/24', '2001:db8::1', '2001:db8::/32'])('may be bound to %s', (network) => {
    expect(accepts(callerNetworkSchema, network)).toBe(true);
  });

  it.each(['192.0.2', '192.0.2.0/33', '2001:db8::/129', '*', '192.0.2.7 ', '192.0.2.7, 192.0.2.8'])(
    'may not be bound to %j',
    (network) => {
      expect(accepts(callerNetworkSchema, network)).toBe(false);
    },
  );
});

it('the scopes and the end of a key are not changed afterwards', () => {
  expect(accepts(apiKeyUpdateSchema, { name: 'Other' })).toBe(true);
  expect(accepts(apiKeyUpdateSchema, { scopes: ['audit:read'] })).toBe(false);
  expect(accepts(apiKeyUpdateSchema, { expiresAt: null })).toBe(false);
});

describe('the form of an API key', () => {
  const key = `cks_live_a1B2c3D4_${'x'.repeat(32)}_${'0'.repeat(6)}`;

  it('is product, kind, prefix, secret and checksum', () => {
    expect(accepts(apiKeyTextSchema, key)).toBe(true);
  });

  it.each([
    '',
    'cks_live_',
    key.slice(1),
    `${key}x`,
    `${key}\n`,
    key.replace('live', 'test'),
    key.replace('x', '-'),
  ])('is not %j', (text) => {
    expect(accepts(apiKeyTextSchema, text)).toBe(false);
  });
});
