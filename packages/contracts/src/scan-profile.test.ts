import { describe, expect, it } from '@jest/globals';
import { accepts, problemsOf } from './problems-of.test.helper.ts';
import { createScanBodySchema } from './scan-api.ts';
import { scanProfileCreateSchema, scanProfileUpdateSchema } from './scan-profile.ts';
import { scanModeSchema, scanParamsSchema } from './scan.ts';

describe('a new profile', () => {
  it('has a name and parameters', () => {
    expect(scanProfileCreateSchema.parse({ name: 'Shops', params: { mode: 'deep' } })).toEqual({
      name: 'Shops',
      description: '',
      params: { ...scanParamsSchema.parse({}), mode: 'deep' },
    });
  });

  it.each([
    ['the name of a built-in profile', { name: 'Consent-Audit' }, 'name'],
    ['no name', { name: '' }, 'name'],
    ['no parameters', { params: undefined }, 'params'],
    ['an unknown parameter', { params: { depth: 3 } }, 'params'],
    ['a limit of nothing', { params: { timeoutMs: 0 } }, 'params.timeoutMs'],
    ['a limit of days', { params: { timeoutMs: 1e9 } }, 'params.timeoutMs'],
    ['a mode that there is not', { params: { mode: 'thorough' } }, 'params.mode'],
    ['the mark of a built-in profile', { builtIn: true }, ''],
    ['a version', { version: 7 }, ''],
  ])('is refused with %s', (_what, change, path) => {
    expect(problemsOf(scanProfileCreateSchema, { name: 'Shops', params: {}, ...change })).toEqual([
      expect.stringMatching(`^${path}: `),
    ]);
  });
});

describe('a change of a profile', () => {
  it('names only what changes', () => {
    expect(scanProfileUpdateSchema.parse({ description: 'For shops' })).toEqual({ description: 'For shops' });
  });

  it.each([{}, { builtIn: false }, { name: 'quick' }, { params: { mode: 'thorough' } }])(
    'is refused: %j',
    (change) => {
      expect(accepts(scanProfileUpdateSchema, change)).toBe(false);
    },
  );
});

describe('a scan', () => {
  it.each(scanModeSchema.options)('can be asked for in mode %s, and so can a profile', (mode) => {
    expect(accepts(createScanBodySchema, { url: 'https://example.com', mode })).toBe(true);
    expect(accepts(scanProfileCreateSchema, { name: 'Mine', params: { mode } })).toBe(true);
  });
});
