import type { BannerObservation, ConsentChoice } from '@cookie-scanner/contracts';
import { bannerOf, NEEDS_AUDIT } from '../verdicts/consent-runs.ts';
import { isTracking } from '../verdicts/judged-cookie.ts';
import type { JudgedSite } from '../verdicts/judged-site.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import { notChecked, type Rule, type RuleFinding } from '../verdicts/rule.ts';

/** A way to refuse that has less than this share of the area of the way to accept is easily overlooked. */
const AREA_SHARE_MIN = 0.5;

const ADVICE =
  'Offer refusing on the first layer of the banner, beside accepting, as a button of the same size and weight.';

/** Saying no takes more than saying yes, or cannot be said. */
export const rejectHarderThanAcceptRule: Rule = {
  id: 'reject-harder-than-accept',
  name: 'Refusing is harder than accepting',
  inOrder: 'Refusing is as easy as accepting.',
  severity: 'high',
  pointsMax: 15,
  why: 'Consent is only free when saying no is as easy as saying yes. Here it takes more clicks, or is easier to overlook.',
  legalSources: [LEGAL.gdprConsentMeaning, LEGAL.gdprConditions, LEGAL.edpbBanners, LEGAL.cnilRecommendation],
  judge(site) {
    if (!site.isConsentAudit) return notChecked(NEEDS_AUDIT);
    const banner = bannerOf(site);
    if (!banner) return notChecked('No banner was found.');
    if (banner.kind === 'pay_or_ok') return notChecked('The banner offers consent or payment; see there.');
    if (banner.choices.length === 0) return notChecked('The buttons of the banner could not be read.');
    const finding = judgeBanner(banner, site);
    return finding === null
      ? []
      : [
          {
            subject: 'banner',
            ...finding,
            evidence: { url: site.observation.finalUrl, ...finding.evidence },
          },
        ];
  },
};

function judgeBanner(banner: BannerObservation, site: JudgedSite): Omit<RuleFinding, 'subject'> | null {
  const accept = easiest(banner, 'accept') ?? easiest(banner, 'acknowledge');
  const reject = easiest(banner, 'reject');
  const facts = banner.choices.map(
    ({ text, layer, purpose, looksLikeButton }) =>
      `Layer ${layer}: “${text}” (${purpose}${looksLikeButton ? '' : ', looks like text'})`,
  );
  if (!accept) return null;
  if (!reject) return withoutReject(banner, accept, facts, site);
  if (reject.layer > accept.layer) {
    return {
      title: `“${accept.text}” takes one click, refusing takes ${reject.layer}`,
      advice: ADVICE,
      evidence: { facts },
    };
  }
  if (accept.looksLikeButton && !reject.looksLikeButton) {
    return {
      severity: 'low',
      // Some authorities are content with a line of text that is easy to see.
      confidence: 'medium',
      title: `“${accept.text}” is a button, “${reject.text}” looks like text`,
      advice: ADVICE,
      evidence: { facts },
    };
  }
  const share = areaShare(reject, accept);
  if (share === null || share >= AREA_SHARE_MIN) return null;
  return {
    severity: 'low',
    title: `“${reject.text}” is much smaller than “${accept.text}”`,
    advice: ADVICE,
    evidence: { facts: [...facts, `It has ${Math.round(share * 100)} % of its area`] },
  };
}

function withoutReject(
  banner: BannerObservation,
  accept: ConsentChoice,
  facts: string[],
  site: JudgedSite,
): Omit<RuleFinding, 'subject'> | null {
  const offersSettings = banner.choices.some(({ purpose }) => purpose === 'settings' || purpose === 'save');
  // A notice that asks for nothing is in order where there is nothing to ask for.
  if (banner.kind === 'notice' && !site.cookies.some(isTracking)) return null;
  return {
    title: offersSettings
      ? `The banner offers “${accept.text}” and settings, but no way to refuse`
      : `The banner offers “${accept.text}” and no way to refuse`,
    // With settings there may be a way that was not found.
    confidence: offersSettings ? 'medium' : 'high',
    advice: ADVICE,
    evidence: { facts },
  };
}

function easiest({ choices }: BannerObservation, purpose: ConsentChoice['purpose']): ConsentChoice | null {
  const fitting = choices.filter((choice) => choice.purpose === purpose);
  return (
    fitting.toSorted(
      (a, b) => a.layer - b.layer || Number(b.looksLikeButton) - Number(a.looksLikeButton),
    )[0] ?? null
  );
}

function areaShare(one: ConsentChoice, other: ConsentChoice): number | null {
  const [area, otherArea] = [areaOf(one), areaOf(other)];
  return area === null || otherArea === null || otherArea === 0 ? null : area / otherArea;
}

function areaOf({ widthPx, heightPx }: ConsentChoice): number | null {
  return widthPx === null || heightPx === null ? null : widthPx * heightPx;
}
