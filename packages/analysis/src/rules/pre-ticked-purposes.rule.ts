import { bannerOf, NEEDS_AUDIT } from '../verdicts/consent-runs.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import { notChecked, type Rule } from '../verdicts/rule.ts';

/** What purposes are called that need no consent and may therefore be ticked, in the languages that banners are read in. */
const NECESSARY_WORDS =
  /necessar|essential|required|notwendig|erforderlich|essenzi|nécessaire|essentiel|necesari|esencial|necessári|niezbędn|wymagan|noodzakelijk|vereist|nödvändig|nødvendig|välttämät|nezbytn|nutné|szükség|απαραίτητ|необходим|必須|必要/iu;

/** Consent that is ticked beforehand. */
export const preTickedPurposesRule: Rule = {
  id: 'pre-ticked-purposes',
  name: 'Consent ticked beforehand',
  inOrder: 'No purpose that needs consent was ticked beforehand.',
  severity: 'high',
  pointsMax: 10,
  why: 'Consent is something a visitor does. A box that is ticked already is not consent, even when the visitor leaves it so.',
  legalSources: [LEGAL.planet49, LEGAL.gdprConsentMeaning, LEGAL.edpbBanners],
  judge(site) {
    if (!site.isConsentAudit) return notChecked(NEEDS_AUDIT);
    const banner = bannerOf(site);
    if (!banner) return notChecked('No banner was found.');
    const runs = (['untouched', 'reject', 'accept'] as const).map(site.runOf);
    const labels = new Set(runs.flatMap((run) => run?.banner.preTicked ?? []));
    const asking = [...labels].filter((label) => !NECESSARY_WORDS.test(label)).toSorted();
    if (asking.length === 0) return [];
    return [
      {
        subject: 'banner',
        title: `The banner has ticked ${asking.map((label) => `“${label}”`).join(', ')} beforehand`,
        advice: 'Leave every purpose but the strictly necessary ones unticked until the visitor ticks it.',
        evidence: { url: site.observation.finalUrl, facts: asking.map((label) => `Ticked: “${label}”`) },
      },
    ];
  },
};
