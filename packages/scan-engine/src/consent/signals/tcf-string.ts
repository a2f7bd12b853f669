import { TCString, type Vector } from '@iabtcf/core';
import type { TcfSignal } from '@cookie-scanner/contracts';

/** What a TCF string says, without when and where it was met. */
type TcfContent = Omit<TcfSignal, 'atMs' | 'source' | 'gdprApplies'>;

/** Strings of real sites have some hundred characters; what is much longer is none. */
const LENGTH_MAX = 20_000;
const VERSION = 2;

/**
 * Decodes a TCF string of version 2.
 *
 * @see https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework
 */
export function decodeTcf(text: string): TcfContent {
  try {
    if (text === '' || text.length > LENGTH_MAX || !/^[\w.-]+$/.test(text)) return MALFORMED;
    const model = TCString.decode(text);
    if (Number(model.version) !== VERSION) return MALFORMED;
    return {
      malformed: false,
      cmpId: Number(model.cmpId),
      purposeConsents: idsOf(model.purposeConsents),
      purposeLegitimateInterests: idsOf(model.purposeLegitimateInterests),
      specialFeatures: idsOf(model.specialFeatureOptins),
      vendorConsentCount: idsOf(model.vendorConsents).length,
      vendorLegitimateInterestCount: idsOf(model.vendorLegitimateInterests).length,
    };
  } catch {
    return MALFORMED; // Whatever a site writes there must not end the scan; that it cannot be read is the finding.
  }
}

const MALFORMED: TcfContent = {
  malformed: true,
  cmpId: null,
  purposeConsents: [],
  purposeLegitimateInterests: [],
  specialFeatures: [],
  vendorConsentCount: 0,
  vendorLegitimateInterestCount: 0,
};

function idsOf(vector: Vector): number[] {
  return [...vector].flatMap(([id, isSet]) => (isSet ? [id] : []));
}
