import { couldBeIdentifier, type KnownCategory } from '@cookie-scanner/contracts';
import type { UnknownThing } from '../classification/unknown-thing.ts';

type LogOdds = Readonly<Record<KnownCategory, number>>;

/**
 * What a scan sees and knowledge does not record, so that no model can learn it there: flags, the look of the value,
 * filter lists. These weights, added to the log odds of the model, are set by hand and not measured by the benchmark.
 */
const EVIDENCE = {
  /** Scripts cannot read it, and analytics and advertising on the site itself are scripts. */
  httpOnlyOfTheSite: { necessary: 0.8, functional: 0.2, analytics: -0.7, marketing: -0.7 },
  /** Tells nobody apart, so it counts and recognises nobody. */
  noIdentifier: { necessary: 0.1, functional: 0.6, analytics: -0.4, marketing: -0.7 },
  /** Made to be sent along from other sites. */
  sentAcrossSites: { necessary: -0.3, functional: -0.2, analytics: 0, marketing: 0.5 },
  /** People who keep such lists hold its setter or its domain for a tracker or an advertiser. */
  onFilterList: { necessary: -1.5, functional: -1, analytics: 0.8, marketing: 0.9 },
  /** `__Host-` and `__Secure-` protect what must not be forged. */
  protectedName: { necessary: 0.8, functional: 0, analytics: -0.4, marketing: -0.4 },
} as const satisfies Record<string, LogOdds>;

/** What speaks for each category beside the model, in log odds. */
export function observedEvidence(thing: UnknownThing): LogOdds {
  const { flags, party, valueShape, filterRules, name } = thing;
  const found: LogOdds[] = [];
  if (flags?.httpOnly === true && party === 'first') found.push(EVIDENCE.httpOnlyOfTheSite);
  if (flags?.sameSite === 'None' && party === 'third') found.push(EVIDENCE.sentAcrossSites);
  if (valueShape !== null && !couldBeIdentifier(valueShape)) found.push(EVIDENCE.noIdentifier);
  if (filterRules.length > 0) found.push(EVIDENCE.onFilterList);
  if (/^__(?:Host|Secure)-/.test(name) && party === 'first') found.push(EVIDENCE.protectedName);

  const sum = (category: KnownCategory): number =>
    found.reduce((total, evidence) => total + evidence[category], 0);
  return {
    necessary: sum('necessary'),
    functional: sum('functional'),
    analytics: sum('analytics'),
    marketing: sum('marketing'),
  };
}
