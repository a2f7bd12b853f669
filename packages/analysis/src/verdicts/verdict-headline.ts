import type { Severity } from '@cookie-scanner/contracts';
import { counted, listed } from '../duration-text.ts';
import { SEVERITIES } from './severity.ts';
import type { Judgement } from './judge-site.ts';

/** Findings of these severities are a matter for whoever answers for the site. */
const GRAVE: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/**
 * How the site stands, in one or two sentences; null where it was not seen, and so cannot be judged. Never says that all is
 * in order where something could not be looked at.
 */
export function verdictHeadline({ findings, metrics }: Judgement, site: string): string | null {
  if (metrics.score === null) return null;
  const grave = findings.filter(({ severity }) => GRAVE.includes(severity));
  const [gravest] = grave;
  if (!gravest) {
    const limit = metrics.confidence === 'high' ? '' : ', as far as this scan could see';
    return `Nothing was found on ${site} that is against the rules${limit}.`;
  }
  const bySeverity = SEVERITIES.toReversed().flatMap((severity) => {
    const count = grave.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  const what =
    grave.length === 1
      ? `One finding on ${site}`
      : `${counted(grave.length, 'finding')} on ${site}: ${listed(bySeverity)}`;
  return `${what}. ${grave.length === 1 ? '' : 'The gravest: '}${gravest.title}.`;
}
