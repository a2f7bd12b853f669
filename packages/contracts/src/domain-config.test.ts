import { describe, expect, it } from '@jest/globals';
import {
  domainConfigCreateSchema,
  domainConfigCreateSchemaFor,
  domainConfigUpdateSchema,
  isOnSite,
} from './domain-config.ts';
import { accepts, ID, problemsOf } from './problems-of.test.helper.ts';

const SITE = { domain: 'Example.com', startUrls: ['https://example.com', 'https://shop.example.com/#top'] };

describe('a new watched site', () => {
  it('has a host name and URLs on it, in their normal form', () => {
    expect(domainConfigCreateSchema.parse(SITE)).toEqual({
      domain: 'example.com',
      startUrls: ['https://example.com/', 'https://shop.example.com/'],
      labels: [],
      notes: '',
      defaultProfileId: null,
    });
  });

  it.each([
    ['a URL on another site', { startUrls: ['https://example.org'] }, 'startUrls.0'],
    ['a URL whose host only ends alike', { startUrls: ['https://notexample.com'] }, 'startUrls.0'],
    ['no URL', { startUrls: [] }, 'startUrls'],
    ['21 URLs', { startUrls: Array.from({ length: 21 }, () => 'https://example.com') }, 'startUrls'],
    ['a script for a URL', { startUrls: ['javascript:alert(1)'] }, 'startUrls.0'],
    ['a private host', { domain: 'intranet', startUrls: ['http://intranet/'] }, 'domain'],
    ['a URL for a host', { domain: 'https://example.com' }, 'domain'],
    ['a label with a space', { labels: ['a b'] }, 'labels.0'],
    ['a profile that is no id', { defaultProfileId: 'quick' }, 'defaultProfileId'],
    ['a workspace of its own choice', { workspaceId: ID }, ''],
  ])('is refused with %s', (_what, change, path) => {
    const [problem] = problemsOf(domainConfigCreateSchema, { ...SITE, ...change });
    expect(problem).toMatch(`${path}: `);
  });

  it('may be private where the operator allows it', () => {
    const site = { domain: 'intranet', startUrls: ['http://intranet:3000/'] };
    expect(problemsOf(domainConfigCreateSchemaFor({ allowPrivateNetworks: true }), site)).toEqual([]);
  });
});

it('a change of a watched site names only what changes', () => {
  expect(domainConfigUpdateSchema.parse({ state: 'paused' })).toEqual({ state: 'paused' });
  expect(accepts(domainConfigUpdateSchema, {})).toBe(false);
  expect(accepts(domainConfigUpdateSchema, { domain: 'example.org' })).toBe(false);
});

it('a URL is on a site when its host is the domain or lies below it', () => {
  expect(isOnSite('https://example.com./x', 'example.com')).toBe(true);
  expect(isOnSite('https://a.b.example.com/', 'example.com')).toBe(true);
  expect(isOnSite('https://example.com.evil.test/', 'example.com')).toBe(false);
});
