import { describe, expect, it } from '@jest/globals';
import type { AppliedOverride, CookieObservation } from '@cookie-scanner/contracts';
import { sampleCookie, sampleObservation } from '@cookie-scanner/contracts/testing';
import { loadKnowledge } from '@cookie-scanner/knowledge';
import { savedObservation } from '../testing/saved-observations.ts';
import { classifyCookies, classifyStorage } from './classify-cookies.ts';
import type { ClassifyOptions } from './classifier.ts';

const knowledge = loadKnowledge();

function classify(change: Partial<CookieObservation>, options: ClassifyOptions = {}) {
  const [classified] = classifyCookies(sampleObservation([sampleCookie(change)]), knowledge, options);
  if (!classified) throw new Error('the cookie is missing');
  return classified.classification;
}

function setBy(url: string, ...initiators: string[]): CookieObservation['setBy'] {
  return { kind: 'javascript', url, initiators, confidence: 'observed' };
}

function override(change: Partial<AppliedOverride>): AppliedOverride {
  const id = '0b8f7d0a-6c7e-4a7c-9d35-0a6a3f2c1d01';
  return { id, name: '_ga', match: 'exact', domain: null, category: 'necessary', reason: 'ours', ...change };
}

describe('what is known by name', () => {
  it('says category, vendor, confidence and where that comes from', () => {
    expect(classify({ name: '_ga', setBy: setBy('https://www.googletagmanager.com/gtag/js') })).toEqual({
      category: 'analytics',
      purpose: null,
      source: 'exact_entry',
      confidence: 'high',
      vendor: 'Google Analytics',
      company: 'Google',
      basis: knowledge.version,
      provenance: {
        entry: 'own:_ga',
        corroboratedBy: 'setter',
        conflicts: [],
        override: null,
        guess: null,
        filterRules: [],
      },
    });
  });

  it('tells a pattern from a name', () => {
    expect(classify({ name: '_ga_AB12CD34EF' })).toMatchObject({
      category: 'analytics',
      source: 'pattern_entry',
    });
  });

  it('does not take the short name of a shop’s own cookie for somebody else’s', () => {
    expect(classify({ name: 'td' })).toMatchObject({
      category: 'unclassified',
      source: 'none',
      vendor: null,
    });
  });

  it('sees through a host of the site that is an alias of a vendor’s', () => {
    const cookie = sampleCookie({ name: 'zzq', setBy: setBy('https://metrics.shop.example/a.js') });
    const observation = sampleObservation([cookie], {
      hosts: [
        {
          ...{ host: 'metrics.shop.example', party: 'first', requests: 1, address: '192.0.2.1' },
          ...{ cnames: ['shop.sc.omtrdc.net'], outcome: 'connected', detail: null },
        },
      ],
    });
    expect(classifyCookies(observation, knowledge)[0]?.classification.company).toContain('Adobe');
  });

  it('does not take a tag manager for the owner of what the site made it do', () => {
    const tagged = classify({ name: 'zzq', setBy: setBy('https://www.googletagmanager.com/gtm.js') });
    expect(tagged).toMatchObject({ category: 'unclassified', vendor: null });
  });

  it('knows whose a cookie is that it knows nothing else of', () => {
    const stranger = classify({
      name: 'zzq',
      domain: '.criteo.com',
      party: 'third',
      setBy: setBy('https://x.criteo.com/'),
    });
    expect(stranger).toMatchObject({ category: 'unclassified', company: 'Criteo' });
  });
});

describe('overrides', () => {
  const tag = setBy('https://www.googletagmanager.com/gtag/js');

  it('win, and keep what would have been said without them', () => {
    expect(classify({ name: '_ga', setBy: tag }, { overrides: [override({})] })).toMatchObject({
      category: 'necessary',
      source: 'override',
      basis: null,
      vendor: 'Google Analytics',
      provenance: { entry: 'own:_ga', override: { reason: 'ours', insteadOf: 'analytics' } },
    });
  });

  it.each([
    ['another name', override({ name: '_gid' })],
    ['another domain', override({ domain: 'other.example' })],
    ['a domain that only ends alike', override({ domain: 'op.example' })],
    ['a prefix inside the name', override({ name: 'ga', match: 'prefix' })],
  ])('for %s do not count', (_case, one) => {
    expect(classify({ name: '_ga', setBy: tag }, { overrides: [one] }).source).toBe('exact_entry');
  });

  it('for the domain beat those for any, and exact ones beat prefixes', () => {
    const overrides = [
      override({ id: 'any', category: 'marketing' }),
      override({ id: 'prefix', domain: 'shop.example', name: '_g', match: 'prefix', category: 'functional' }),
      override({ id: 'exact', domain: 'shop.example', category: 'necessary' }),
    ];
    const { provenance } = classify({ name: '_ga', domain: '.www.shop.example' }, { overrides });
    expect(provenance.override?.id).toBe('exact');
  });
});

describe('filter lists', () => {
  it('are quoted where they name the setter or the domain', () => {
    const url = 'https://px.adreach.example/i';
    const match = { url, list: 'easylist.txt', rule: '||adreach.example^' };
    const cookie = { name: 'zzq', setBy: setBy(url) };
    expect(classify(cookie, { filterMatches: [match] }).provenance.filterRules).toEqual([
      { list: 'easylist.txt', rule: '||adreach.example^' },
    ]);
    expect(classify({ name: 'zzq' }, { filterMatches: [match] }).provenance.filterRules).toEqual([]);
  });
});

describe('storage items', () => {
  it('are known by the names that SDKs use for cookies', () => {
    const observation = sampleObservation([], {
      storage: [
        {
          kind: 'local',
          origin: 'https://shop.example',
          key: 'ajs_anonymous_id',
          sizeBytes: 40,
          valueShape: null,
          setBy: setBy('https://cdn.segment.com/analytics.js'),
          consentStates: [],
        },
      ],
    });
    expect(classifyStorage(observation, knowledge)[0]?.classification).toMatchObject({
      category: 'analytics',
      vendor: 'Segment',
    });
  });
});

it.each(['shop', 'hostile', 'deadline', 'quiet'] as const)(
  'says the same of the same observation each time: %s',
  (name) => {
    const once = classifyCookies(savedObservation(name), knowledge);
    expect(classifyCookies(savedObservation(name), loadKnowledge())).toEqual(once);
    expect(once).toHaveLength(savedObservation(name).cookies.length);
  },
);
