import { CATEGORY_WORDS, type Analysis, type CookieSummary } from '@cookie-scanner/analysis';
import type { CookieCategory } from '@cookie-scanner/contracts';
import { cookieRow, type CookieRow } from './cookie-rows.ts';
import { severityOfCookies } from './finding-groups.ts';
import { limited, type Rows } from './limited-rows.ts';

/** The cookies of one category. */
export interface CategoryOfCookies {
  readonly key: CookieCategory;
  readonly name: string;
  readonly meaning: string;
  readonly cookies: Rows<CookieRow>;
}

/** The cookies by what they are for, those that matter most first; categories without a cookie are left out. */
export function cookieCategories(
  summaries: readonly CookieSummary[],
  analysis: Analysis,
): CategoryOfCookies[] {
  const classifications = new Map(
    analysis.cookies.map(({ cookie, classification }) => [cookie, classification]),
  );
  const findingOf = severityOfCookies(analysis);
  return Object.entries(CATEGORY_WORDS).flatMap(([key, { name, meaning }]) => {
    const ofCategory = summaries.filter(
      ({ cookie }) => (classifications.get(cookie)?.category ?? 'unclassified') === key,
    );
    if (ofCategory.length === 0) return [];
    const cookies = limited(ofCategory, (summary) =>
      cookieRow(summary, {
        classification: classifications.get(summary.cookie) ?? null,
        finding: findingOf(summary.cookie),
      }),
    );
    return [{ key: key as CookieCategory, name, meaning, cookies }];
  });
}
