import { describe, expect, it } from '@jest/globals';
import type {
  CookieCategory,
  CookieObservation,
  Setter,
  Severity,
  SiteObservation,
  StorageObservation,
} from '@cookie-scanner/contracts';
import { sampleCookie, sampleObservation } from '@cookie-scanner/contracts/testing';
import { loadKnowledge } from '@cookie-scanner/knowledge';
import { classifyCookies } from '../classification/classify-cookies.ts';
import { diffScans, isUnchanged } from './diff-scans.ts';
import type { ClassifiedScan } from './classified-scan.ts';
import type { ObservedFinding } from './observed-finding.ts';

const knowledge = loadKnowledge();
const DAY = 86_400;

function scan(cookies: CookieObservation[], change: Partial<SiteObservation> = {}): ClassifiedScan {
  const observation = sampleObservation(cookies, change);
  return { observation, cookies: classifyCookies(observation, knowledge), findings: [] };
}

function lasting(name: string, days: number, change: Partial<CookieObservation> = {}): CookieObservation {
  const expiresAt = new Date(Date.parse('2026-11-22T09:00:00.012Z') + days * DAY * 1_000).toISOString();
  return sampleCookie({ name, session: false, expiresAt, declaredLifetimeSeconds: days * DAY, ...change });
}

const monday = [sampleCookie(), lasting('_hjSession_123', 1), lasting('_ga', 395), lasting('_fbp', 90)];

describe('the difference between two scans', () => {
  it('is nothing for a site that did not change, whatever rotates in it', () => {
    const tuesday = [
      lasting('_fbp', 91, { valueHash: 'cd'.repeat(32) }),
      lasting('_ga', 394),
      lasting('_hjSession_98765', 1, { events: [] }),
      sampleCookie({ valueHash: 'ef'.repeat(32), sizeBytes: 99 }),
    ];
    const diff = diffScans([scan(monday)], [scan(tuesday)]);
    expect(isUnchanged(diff)).toBe(true);
    expect(diff).toEqual({
      added: [],
      removed: [],
      changed: [],
      knowledgeChanged: [],
      storage: { added: [], removed: [] },
      thirdPartyHosts: { added: [], removed: [] },
      findings: { added: [], removed: [], changed: [], knowledgeChanged: [] },
      flaky: [],
      caveats: [],
    });
  });

  it('is one added cookie when the site sets one more, with who sets it', () => {
    const setBy: Setter = {
      kind: 'javascript',
      url: 'https://px.ads.example/pixel.js',
      initiators: ['https://shop.example/'],
      confidence: 'observed',
    };
    const diff = diffScans([scan(monday)], [scan([...monday, lasting('uid', 30, { setBy })])]);
    expect(diff.added.map(({ name, setterChain }) => [name, setterChain])).toEqual([
      ['uid', ['shop.example', 'px.ads.example/pixel.js']],
    ]);
    expect([diff.removed, diff.changed, diff.knowledgeChanged]).toEqual([[], [], []]);
    expect(diffScans([scan([...monday, lasting('uid', 30)])], [scan(monday)]).removed).toHaveLength(1);
  });

  it('is one changed cookie when 30 days become two years', () => {
    const diff = diffScans([scan([lasting('uid', 30)])], [scan([lasting('uid', 730)])]);
    expect(diff.changed).toMatchObject([
      { cookie: { name: 'uid' }, changes: [{ field: 'lifetime', before: '30 days', after: '2 years' }] },
    ]);
    expect([diff.added, diff.removed]).toEqual([[], []]);
  });

  it('tells what the site changed from what we know better now', () => {
    const before = scan(monday);
    const unknowing: ClassifiedScan = {
      ...before,
      cookies: before.cookies.map((classified) => ({
        ...classified,
        classification: { ...classified.classification, category: 'unclassified', basis: 'older' },
      })),
    };
    const diff = diffScans([unknowing], [before]);
    expect(isUnchanged(diff)).toBe(true);
    expect(
      diff.knowledgeChanged.map(({ cookie, changes }) => [cookie.name, changes[0]?.after]),
    ).toContainEqual(['_ga', 'analytics']);
  });

  it('calls what only some repeats see flaky, and not added', () => {
    const lucky = [...monday, lasting('sometimes', 1)];
    const diff = diffScans([scan(monday), scan(monday)], [scan(lucky), scan(monday)]);
    expect(isUnchanged(diff)).toBe(true);
    expect(diff.flaky.map(({ name }) => name)).toEqual(['sometimes']);
    expect(diffScans([scan(monday), scan(monday)], [scan(lucky), scan(lucky)]).added).toHaveLength(1);
  });

  it('covers storage, with rotating keys folded, and hosts of other sites', () => {
    const item = (key: string): StorageObservation => ({
      ...{ kind: 'local', origin: 'https://shop.example', key, sizeBytes: 9, valueShape: null },
      ...{ setBy: { kind: 'unknown', url: null, initiators: [], confidence: 'unknown' }, consentStates: [] },
    });
    const { requests } = sampleObservation();
    const withHosts = (...hosts: string[]) => ({ ...requests, hosts: ['shop.example', ...hosts] });
    const before = scan([], {
      storage: [item('_hjSession_1'), item('old')],
      requests: withHosts('a.example'),
    });
    const after = scan([], {
      storage: [item('_hjSession_2'), item('new')],
      requests: withHosts('b.example'),
    });
    const diff = diffScans([before], [after]);
    expect([diff.storage.added, diff.storage.removed].map((list) => list.map(({ name }) => name))).toEqual([
      ['new'],
      ['old'],
    ]);
    expect(diff.thirdPartyHosts).toEqual({ added: ['b.example'], removed: ['a.example'] });
    expect(isUnchanged(diff)).toBe(false);
  });

  it('covers findings, those apart that only our knowledge brought', () => {
    const finding = (subject: string, severity: Severity): ObservedFinding => ({
      ...{ ruleId: 'rule', subject, severity, title: subject },
    });
    const judged = (basis: string, category: CookieCategory, findings: ObservedFinding[]): ClassifiedScan => {
      const plain = scan([lasting('_x', 30)]);
      const cookies = plain.cookies.map((one) => ({
        ...one,
        classification: { ...one.classification, category, basis },
      }));
      return { ...plain, cookies, findings };
    };
    const key = scan([lasting('_x', 30)]).cookies[0]?.identity.key ?? '';
    const before = judged('old', 'functional', [finding('gone', 'low'), finding('same', 'low')]);
    const after = judged('new', 'marketing', [finding('same', 'high'), finding(key, 'high')]);
    const { findings } = diffScans([before], [after]);
    expect(findings).toMatchObject({
      added: [],
      removed: [{ subject: 'gone' }],
      changed: [{ finding: { subject: 'same', severity: 'high' }, severityBefore: 'low' }],
      knowledgeChanged: [{ subject: key }],
    });
  });

  it('warns of scans that cannot be compared', () => {
    const cut = scan(monday.slice(0, 1), { status: 'partial', statusReason: 'timeout' });
    const blocked = sampleObservation().quality;
    const other = scan(monday, { quality: { ...blocked, thirdPartyCookies: 'blocked' } });
    expect(diffScans([scan(monday)], [cut]).caveats).toEqual([
      'The later scan is incomplete: cookies may be missing from it.',
    ]);
    expect(diffScans([scan(monday)], [other]).caveats).toEqual([
      'The browser treated third-party cookies differently.',
    ]);
  });
});
