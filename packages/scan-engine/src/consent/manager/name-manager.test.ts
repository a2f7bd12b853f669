import { describe, expect, it } from '@jest/globals';
import { nameManager, type ManagerEvidence } from './name-manager.ts';

const nothing: ManagerEvidence = { globals: [], elements: [], cookieNames: [], requestUrls: [], cmpId: null };

describe('a consent manager', () => {
  it('is named by its host before anything that others borrow', () => {
    const evidence = {
      ...nothing,
      globals: ['CookieConsent', 'Cookiebot'],
      requestUrls: ['https://shop.test/', 'https://consent.cookiebot.com/uc.js?cbid=1'],
    };
    expect(nameManager(evidence)).toEqual({
      name: 'Cookiebot',
      evidence: ['request https://consent.cookiebot.com/uc.js', 'window.Cookiebot'],
    });
  });

  it('is named by its cookie or its elements where it is served from the site itself', () => {
    expect(nameManager({ ...nothing, cookieNames: ['klaro', 'session'] })?.name).toBe('Klaro');
    expect(nameManager({ ...nothing, elements: ['#cc-main'] })?.evidence).toEqual(['element #cc-main']);
  });

  it('of which only the number in its strings is known has that for a name', () => {
    expect(nameManager({ ...nothing, cmpId: 28 })).toEqual({
      name: 'TCF CMP 28',
      evidence: ['TCF cmpId 28'],
    });
  });

  it('is none where nothing speaks for one', () => {
    expect(nameManager({ ...nothing, requestUrls: ['https://notonetrust.com.test/', 'data:,'] })).toBeNull();
  });
});
