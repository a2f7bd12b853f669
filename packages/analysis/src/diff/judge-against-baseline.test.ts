import { describe, expect, it } from '@jest/globals';
import type { BaselineContent, Finding } from '@cookie-scanner/contracts';
import { sampleCookie, sampleObservation } from '@cookie-scanner/contracts/testing';
import { loadKnowledge } from '@cookie-scanner/knowledge';
import { analyseObservation } from '../analyse-observation.ts';
import { baselineContent, judgeAgainstBaseline } from './judge-against-baseline.ts';
import type { ClassifiedScan } from './classified-scan.ts';
import { cookieFacts } from './observed-cookie.ts';

const knowledge = loadKnowledge();
const now = Date.parse('2026-12-01T00:00:00Z');

function scan(...names: string[]): ClassifiedScan {
  const observation = sampleObservation(names.map((name) => sampleCookie({ name })));
  const { cookies, judgement } = analyseObservation(observation, knowledge);
  return { observation, cookies, findings: judgement.findings };
}

const keyOf = (name: string): string => cookieFacts(scan(name))[0]?.key ?? '';
const baseline = baselineContent(scan('session', '_ga'));
const later = scan('_ga', '_fbp');
const approval = { subject: keyOf('_fbp'), owner: 'Web team', reason: 'A test until Christmas' };

describe('a baseline', () => {
  it('has nothing against the scan it was made from', () => {
    expect(judgeAgainstBaseline(scan('session', '_ga'), baseline, [], { now })).toEqual({
      isInOrder: true,
      failOn: 'low',
      cookies: [],
      findings: [],
      gone: { cookies: [], findings: [] },
    });
  });

  it.each([
    ['nobody', [], 'unapproved', false],
    ['somebody', [{ ...approval, expiresAt: null }], 'approved', true],
    ['somebody until later', [{ ...approval, expiresAt: '2026-12-24T00:00:00Z' }], 'approved', true],
    ['somebody until yesterday', [{ ...approval, expiresAt: '2026-11-30T00:00:00Z' }], 'expired', false],
    ['somebody until this moment', [{ ...approval, expiresAt: '2026-12-01T00:00:00Z' }], 'expired', false],
    ['somebody for another cookie', [{ ...approval, subject: 'x', expiresAt: null }], 'unapproved', false],
    [
      'two, of whom one is still there',
      ['2026-11-30T00:00:00Z', null].map((expiresAt) => ({ ...approval, expiresAt })),
      'approved',
      true,
    ],
  ])(
    'finds a new cookie, and what it is found for, that %s answers for',
    (_who, approvals, state, isInOrder) => {
      expect(judgeAgainstBaseline(later, baseline, approvals, { now })).toMatchObject({
        isInOrder,
        cookies: [{ subject: approval.subject, cookie: { name: '_fbp' }, state }],
        findings: [{ finding: { ruleId: 'cookie-before-consent', severity: 'high' }, state }],
        gone: { cookies: [{ name: 'session' }] },
      });
    },
  );

  it('counts new findings from a severity on, and new cookies whatever they are', () => {
    const withFinding = { ...scan('_ga', 'session'), findings: later.findings };
    const orderFrom = (found: ClassifiedScan, failOn: 'high' | 'critical'): boolean =>
      judgeAgainstBaseline(found, baseline, [], { now, failOn }).isInOrder;
    expect([orderFrom(withFinding, 'high'), orderFrom(withFinding, 'critical')]).toEqual([false, true]);
    expect(orderFrom({ ...later, findings: [] }, 'critical')).toBe(false);
  });

  it('lets one finding be approved by its own name, and not what is found besides', () => {
    const found = judgeAgainstBaseline(later, baseline, [], { now }).findings[0];
    const approvals = [{ ...approval, subject: found?.subject ?? '', expiresAt: null }];
    const judgement = judgeAgainstBaseline(later, baseline, approvals, { now });
    expect([judgement.findings[0]?.state, judgement.cookies[0]?.state]).toEqual(['approved', 'unapproved']);
  });

  it('finds what it has already when that became graver, and not what people closed', () => {
    const [known] = scan('_ga').findings;
    if (!known) throw new Error('nothing is found about _ga');
    const milder: BaselineContent = { ...baseline, findings: [{ ...known, severity: 'low' }] };
    const closedAs = (state: Finding['state']) => ({ ...scan('_ga'), findings: [{ ...known, state }] });
    expect(judgeAgainstBaseline(closedAs('open'), milder, [], { now }).findings).toHaveLength(1);
    expect(judgeAgainstBaseline(closedAs('accepted'), milder, [], { now })).toMatchObject({
      isInOrder: true,
      findings: [],
      gone: { findings: [] },
    });
  });
});
