import type { AppliedOverride, CookieQuestion } from '@cookie-scanner/contracts';

/**
 * The override that counts for a cookie; null when none fits. One for a domain wins over one for any, the longer
 * domain over the shorter, an exact name over a prefix, a long prefix over a short one.
 */
export function overrideFor(
  overrides: readonly AppliedOverride[],
  question: Pick<CookieQuestion, 'name' | 'domain'>,
): AppliedOverride | null {
  const fitting = overrides.filter((override) => fits(override, question));
  return fitting.toSorted(bySpecificity)[0] ?? null;
}

function fits(override: AppliedOverride, { name, domain }: Pick<CookieQuestion, 'name' | 'domain'>): boolean {
  const isName = override.match === 'exact' ? name === override.name : name.startsWith(override.name);
  return isName && (override.domain === null || liesUnder(domain, override.domain));
}

function liesUnder(host: string, domain: string): boolean {
  const bare = host.replace(/^\./, '').toLowerCase();
  return bare === domain || bare.endsWith(`.${domain}`);
}

function bySpecificity(a: AppliedOverride, b: AppliedOverride): number {
  return (
    (b.domain?.length ?? 0) - (a.domain?.length ?? 0) ||
    Number(b.match === 'exact') - Number(a.match === 'exact') ||
    b.name.length - a.name.length ||
    (a.id < b.id ? -1 : 1)
  );
}
