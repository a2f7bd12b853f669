import { describe, expect, it } from '@jest/globals';
import { observedCookie, observedSite } from './observation.test.helper.ts';
import { scanTotals } from './scan-totals.ts';

describe('scanTotals', () => {
  it('counts what an observation holds', () => {
    const setBy = observedCookie().setBy;
    const observation = observedSite({
      cookies: [observedCookie(), observedCookie({ party: 'third' }), observedCookie({ party: 'third' })],
      transientCookies: [observedCookie()],
      blockedCookies: [
        { name: 'b', domain: 'site.test', url: 'https://site.test/', reasons: ['SecureOnly'] },
      ],
      storage: [
        {
          ...{ kind: 'local', origin: 'https://site.test', key: 'k', sizeBytes: 3, valueShape: null, setBy },
          consentStates: [],
        },
      ],
    });

    expect(scanTotals(observation)).toEqual({
      cookies: 3,
      firstPartyCookies: 1,
      thirdPartyCookies: 2,
      transientCookies: 1,
      blockedCookies: 1,
      storageItems: 1,
      requests: 3,
      thirdPartyRequests: 1,
      hosts: 2,
      pages: 1,
    });
  });

  it('is all zeros for a site that did not answer', () => {
    const nothing = { total: 0, thirdParty: 0, hosts: [] };
    const totals = scanTotals(observedSite({ cookies: [], pages: [], requests: nothing }));

    expect(new Set(Object.values(totals))).toEqual(new Set([0]));
  });
});
