import { GppModel } from '@iabgpp/cmpapi';
import type { GppSignal } from '@cookie-scanner/contracts';

const LENGTH_MAX = 20_000;

/**
 * Decodes a GPP string.
 *
 * @see https://github.com/InteractiveAdvertisingBureau/Global-Privacy-Platform
 */
export function decodeGpp(text: string): Pick<GppSignal, 'malformed' | 'sections'> {
  try {
    if (text === '' || text.length > LENGTH_MAX || !/^[\w.~-]+$/.test(text)) return MALFORMED;
    const sections = new GppModel(text).toObject();
    // Its dates and lists become what JSON has for them.
    return { malformed: false, sections: JSON.parse(JSON.stringify(sections)) as GppSignal['sections'] };
  } catch {
    return MALFORMED; // Whatever a site writes there must not end the scan; that it cannot be read is the finding.
  }
}

const MALFORMED: Pick<GppSignal, 'malformed' | 'sections'> = { malformed: true, sections: {} };
