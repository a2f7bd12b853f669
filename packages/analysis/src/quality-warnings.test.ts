import { describe, expect, it } from '@jest/globals';
import type { Quality } from '@cookie-scanner/contracts';
import { qualityWarnings } from './quality-warnings.ts';
import { savedObservation } from './testing/saved-observations.ts';

function codesWith(quality: Partial<Quality>, level: 'gap' | 'note'): string[] {
  const quiet = savedObservation('quiet');
  const warnings = qualityWarnings({ ...quiet, quality: { ...quiet.quality, ...quality } });
  return warnings.filter((warning) => warning.level === level).map((warning) => warning.code);
}

describe('qualityWarnings', () => {
  it('finds no gap in a scan that saw everything', () => {
    expect(codesWith({}, 'gap')).toEqual([]);
  });

  it.each<[string, Partial<Quality>]>([
    ['third_party_cookies_blocked', { thirdPartyCookies: 'blocked' }],
    ['third_party_cookies_untested', { thirdPartyCookies: 'untested' }],
    ['timed_out', { timedOut: true }],
    ['bot_wall', { botWall: 'the title is “Just a moment...”' }],
    ['targets_not_attached', { targetsNotAttached: ['https://a.example/'] }],
    ['clocks_not_advanced', { clocksNotAdvanced: ['https://a.example/'] }],
    ['truncated', { truncated: [{ list: 'blockedCookies', kept: 2_000, total: 50_000 }] }],
    ['no_page_life', { pageLifeMs: 0 }],
    [
      'refused_limit_reached',
      { refusedConnections: [{ host: 'a', port: 443, reason: 'limit_reached', count: 1 }] },
    ],
  ])('names %s as a gap', (code, quality) => {
    expect(codesWith(quality, 'gap')).toEqual([code]);
  });

  it('tells about refused private addresses with host, port and count, one entry per reason', () => {
    const warnings = qualityWarnings(savedObservation('deadline'));
    expect(warnings.find((warning) => warning.code === 'refused_address_not_allowed')).toEqual({
      code: 'refused_address_not_allowed',
      level: 'note',
      text: 'The page tried to reach private or reserved addresses. These connections were refused.',
      items: ['10.0.0.12:8080, 3 times', '[::1]:80, once'],
    });
  });

  it('names the pages that robots.txt kept the scan from, as a note', () => {
    const skippedPages = [{ url: 'https://quiet.example/closed', reason: 'robots_disallowed' } as const];
    const warnings = qualityWarnings({ ...savedObservation('quiet'), skippedPages });
    expect(warnings.find(({ code }) => code === 'pages_skipped')).toEqual({
      code: 'pages_skipped',
      level: 'note',
      text: '1 page that links or sitemaps lead to was not visited, because robots.txt closes it to robots.',
      items: ['https://quiet.example/closed'],
    });
  });

  it('says how much there was of what a result does not keep', () => {
    const quiet = savedObservation('quiet');
    const truncated = [
      { list: 'blockedCookies', kept: 2_000, total: 50_000 },
      { list: 'something new', kept: 1, total: 2 },
    ];
    const warnings = qualityWarnings({ ...quiet, quality: { ...quiet.quality, truncated } });
    expect(warnings.find(({ code }) => code === 'truncated')?.text).toBe(
      'The site did more than a result keeps, so it names only 2,000 of 50,000 refused cookies; 1 of 2 entries of “something new”.',
    );
  });

  it('says whose network the browser was in', () => {
    expect(codesWith({ inNetworkNamespace: false }, 'note')).toContain('in_machine_network');
    expect(codesWith({ inNetworkNamespace: true }, 'note')).not.toContain('in_machine_network');
  });

  it('shows a reason it does not know instead of hiding it', () => {
    const refusedConnections = [{ host: 'a.example', port: 443, reason: 'constructor', count: 1 }];
    expect(codesWith({ refusedConnections }, 'note')).toContain('refused_constructor');
  });

  it('puts what may hide cookies before everything else', () => {
    const levels = qualityWarnings(savedObservation('deadline')).map((warning) => warning.level);
    expect(levels).toEqual(levels.toSorted());
  });
});
