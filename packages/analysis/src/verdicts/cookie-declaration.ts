import type { CookieCategory } from '@cookie-scanner/contracts';

/** Signs that declarations put where a name goes on: `_ga_*`, `_ga_<id>`, `_ga_#`, `_ga_XXXX`. */
const REST_OF_NAME = /\*|<[^>]*>|\{[^}]*\}|\[[^\]]*\]|#+|[xX]{3,}|…|\.{3}/;

/** Whether a name in a declaration means a cookie. Case does not count: people type these lists. */
export function declaresName(declared: string, name: string): boolean {
  const [first = '', ...rest] = declared.trim().toLowerCase().split(REST_OF_NAME);
  const lowerName = name.toLowerCase();
  const last = rest.pop();
  if (last === undefined) return lowerName === first;
  if (!lowerName.startsWith(first)) return false;
  let position = first.length;
  for (const part of rest) {
    const found = lowerName.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return lowerName.length - last.length >= position && lowerName.endsWith(last);
}

const CATEGORY_WORDS: readonly (readonly [Exclude<CookieCategory, 'unclassified'>, RegExp])[] = [
  ['marketing', /market|advert|target|werb|publicit|reclame|reklam|social|ads\b/i],
  ['analytics', /analy|statist|perform|measur|mesure|messung|estad/i],
  ['functional', /function|prefer|präferenz|préférence|personal|komfort|comfort|funktion/i],
  [
    'necessary',
    /necess|essen|requir|strict|notwendig|erforderlich|nécess|necesari|niezb|noodzak|technical|technisch/i,
  ],
];

/** Our category for the words of a declaration; null when they say none that we know. */
export function declaredCategory(words: string): Exclude<CookieCategory, 'unclassified'> | null {
  return CATEGORY_WORDS.find(([, pattern]) => pattern.test(words))?.[0] ?? null;
}

const DAY = 86_400;
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(s|sec|second|sekunde|seconde|segundo)/i, 1],
  [/^(m$|min|minut)/i, 60],
  [/^(h|hour|stunde|heure|hora|uur)/i, 3_600],
  [/^(d|day|tag|jour|día|dia|dag)/i, DAY],
  [/^(w|week|woche|semaine|semana)/i, 7 * DAY],
  [/^(mo|month|monat|mois|mes|maand)/i, 31 * DAY],
  [/^(y|year|jahr|an|año|ano|jaar)/i, 366 * DAY],
];

/** Seconds that the words of a declaration mean; 0 for a session, null when they cannot be read. */
export function declaredLifetimeSeconds(words: string): number | null {
  if (/session|sitzung|sesión|sessie/i.test(words)) return 0;
  const [, number, unit] = /(\d+(?:[.,]\d+)?)\s*([\p{L}]+)/u.exec(words) ?? [];
  if (number === undefined || unit === undefined) return null;
  // "month" begins like "minute" in nothing but its first letter, and like "m" in that.
  const seconds =
    (/^mo|^mes/i.test(unit) ? 31 * DAY : undefined) ?? UNITS.find(([pattern]) => pattern.test(unit))?.[1];
  return seconds === undefined ? null : Number(number.replace(',', '.')) * seconds;
}
