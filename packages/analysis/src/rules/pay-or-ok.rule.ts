import { bannerOf, NEEDS_AUDIT } from '../verdicts/consent-runs.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import { notChecked, type Rule } from '../verdicts/rule.ts';

/** Consent or payment, and nothing else. */
export const payOrOkRule: Rule = {
  id: 'pay-or-ok',
  name: 'Consent or payment',
  inOrder: 'Visitors need not pay to refuse.',
  severity: 'low',
  pointsMax: 0,
  why: 'Whoever does not want to be tracked must pay. Whether that leaves consent free is disputed and depends on price and alternatives, so it costs no points: a lawyer should look at it.',
  legalSources: [LEGAL.edpbPayOrOk, LEGAL.gdprConditions, LEGAL.cnilGuidelines],
  judge(site) {
    if (!site.isConsentAudit) return notChecked(NEEDS_AUDIT);
    const banner = bannerOf(site);
    if (!banner) return notChecked('No banner was found.');
    if (banner.kind !== 'pay_or_ok') return [];
    return [
      {
        subject: 'banner',
        title: 'The banner offers consent or payment and nothing else',
        advice:
          'Have a lawyer look at it; an alternative without payment and without behavioural advertising makes it safer.',
        evidence: {
          url: site.observation.finalUrl,
          facts: banner.choices.map(({ text, purpose }) => `“${text}” (${purpose})`),
        },
      },
    ];
  },
};
