import {
  fingerprintingTechniques,
  type FingerprintingScript,
  type FingerprintingTechnique,
} from '../fingerprinting-techniques.ts';
import { listed } from '../duration-text.ts';
import type { JudgedSite } from '../verdicts/judged-site.ts';
import { LEGAL } from '../verdicts/legal-sources.ts';
import type { Rule, RuleFinding } from '../verdicts/rule.ts';
import { hostOf, shortUrl, siteOf } from '../web-address.ts';

/** Scripts that recognise browsers by what they are, before anybody was asked. */
export const fingerprintingBeforeConsentRule: Rule = {
  id: 'fingerprinting-before-consent',
  name: 'Fingerprinting before consent',
  inOrder: 'No script was seen fingerprinting the browser.',
  severity: 'high',
  pointsMax: 20,
  why: 'A script reads so much about the browser and its machine that it can recognise it again without a cookie. Deleting cookies does not help against that, and it needs consent as cookies do.',
  legalSources: [LEGAL.ePrivacy, LEGAL.edpbScope, LEGAL.wp224, LEGAL.gdprLawfulness],
  judge: (site) => {
    const scripts = Map.groupBy(fingerprintingTechniques(site.observation), ({ scriptUrl }) =>
      shortUrl(scriptUrl),
    );
    return [...scripts].flatMap(([name, [script]]) => (script ? [found(name, script, site)] : []));
  },
};

function found(
  name: string,
  { scriptUrl, initiators, techniques }: FingerprintingScript,
  site: JudgedSite,
): RuleFinding {
  const host = hostOf(scriptUrl);
  const vendor = host === null ? null : site.vendorOf(host);
  const isOwn = host !== null && siteOf(host) === site.site;
  const loader = initiators[0];
  return {
    subject: name,
    title: `The script ${name} fingerprints the browser, by ${listed(techniques.map((one) => TECHNIQUES[one]))}`,
    // What a site runs itself is often there against fraud, which a lawyer may find necessary.
    severity: isOwn ? 'medium' : 'high',
    confidence: techniques.length > 1 ? 'high' : 'medium',
    advice: `Do not load ${name}${loader === undefined ? '' : `, which ${shortUrl(loader)} brings in,`} before the visitor has agreed, or have its fingerprinting switched off.`,
    evidence: {
      url: scriptUrl,
      setterChain: [...initiators.toReversed().map(shortUrl), name],
      atMs: site.observation.fingerprinting.find((one) => one.scriptUrl === scriptUrl)?.atMs ?? null,
      facts: vendor === null ? [] : [`It belongs to ${vendor.name}`],
    },
  };
}

const TECHNIQUES: Readonly<Record<FingerprintingTechnique, string>> = {
  canvas: 'how it draws text',
  audio: 'how it computes sound',
  webgl: 'its graphics card',
  fonts: 'its fonts',
  sweep: 'many small properties',
  client_hints: 'its exact version and model',
  media_devices: 'its cameras and microphones',
  battery: 'its battery',
  webrtc: 'its network addresses',
  plugins: 'its plugins',
};
