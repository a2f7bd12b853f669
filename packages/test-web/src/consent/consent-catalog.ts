import { consentBehaviours } from './behaviours.sites.ts';
import type { ConsentSite } from './consent-site.ts';
import { consentLanguages } from './languages.sites.ts';
import { consentManaged } from './managers.sites.ts';
import { consentPlaces } from './places.sites.ts';
import { consentSignals } from './signals.sites.ts';

/** Every site for the audit of consent. */
export const CONSENT_SITES: readonly ConsentSite[] = [
  ...consentPlaces,
  ...consentBehaviours,
  ...consentLanguages,
  ...consentManaged,
  ...consentSignals,
];
