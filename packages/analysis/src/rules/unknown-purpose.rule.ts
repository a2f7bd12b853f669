import { cookieEvidence } from '../verdicts/cookie-evidence.ts';
import { cookieName } from '../verdicts/judged-cookie.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import type { Rule } from '../verdicts/rule.ts';
import { cameUnasked } from './cookie-before-consent.rule.ts';

/** Cookies nobody knows, which came before consent. Held against nobody, but somebody should find out. */
export const unknownPurposeRule: Rule = {
  id: 'unknown-purpose',
  name: 'Cookies nobody knows',
  inOrder: 'It is known of every cookie that comes before consent what it is for.',
  severity: 'info',
  pointsMax: 0,
  why: 'Nobody knows well enough what these cookies are for, so nobody can say whether they need consent. They cost no points.',
  legalSources: [LEGAL.gdprTransparency],
  judge: (site) =>
    site.cookies
      .filter((judged) => judged.classification.category === 'unclassified' && cameUnasked(judged))
      .map((judged) => ({
        subject: judged.identity,
        title: `It is not known what cookie ${cookieName(judged)} is for`,
        advice: 'Find out who sets it and what for, and record its category for this site.',
        evidence: cookieEvidence(judged, { state: 'untouched' }),
      })),
};
