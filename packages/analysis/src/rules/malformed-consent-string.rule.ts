import type { ConsentRun } from '@cookie-scanner/contracts';
import { NEEDS_AUDIT } from '../verdicts/consent-runs.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import { notChecked, type Rule, type RuleFinding } from '../verdicts/rule.ts';

/** Consent strings that nobody can read. */
export const malformedConsentStringRule: Rule = {
  id: 'malformed-consent-string',
  name: 'Unreadable consent strings',
  inOrder: 'Every consent string that was met can be read.',
  severity: 'medium',
  pointsMax: 5,
  why: 'Companies that receive this string cannot tell what the visitor chose. Some will take it as consent.',
  legalSources: [LEGAL.gdprConditions, LEGAL.iabEurope],
  judge(site) {
    if (!site.isConsentAudit) return notChecked(NEEDS_AUDIT);
    const { runs } = site.observation.consent;
    if (runs.every(({ tcf, gpp }) => tcf.length + gpp.length === 0)) {
      return notChecked('No consent string was met.');
    }
    return (['tcf', 'gpp'] as const).flatMap((kind) => malformed(runs, kind) ?? []);
  },
};

const SOURCES = {
  cookie: 'in a cookie',
  api: 'from the interface of the consent manager',
  request: 'in a request',
} as const;

function malformed(runs: readonly ConsentRun[], kind: 'tcf' | 'gpp'): RuleFinding | null {
  for (const run of runs) {
    const signal = run[kind].find((met) => met.malformed);
    if (!signal) continue;
    return {
      subject: kind,
      title: `A ${kind.toUpperCase()} string cannot be decoded`,
      advice:
        'Look at what writes it: often it is cut off, encoded twice, or of another version than its name says.',
      evidence: {
        url: run.finalUrl,
        atMs: signal.atMs,
        consentState: run.state,
        facts: [`It was met ${SOURCES[signal.source]}`],
      },
    };
  }
  return null;
}
