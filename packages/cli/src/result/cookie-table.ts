import { visibleText, type CookieSummary } from '@cookie-scanner/analysis';
import Table from 'cli-table3';

const HEADINGS = ['Name', 'Domain', 'Party', 'Set by', 'Lifetime', 'Flags'];
/** Two characters of space and one line for each column, and one line at the end. */
const FRAME_WIDTH = HEADINGS.length * 3 + 1;
/** No column is made narrower: what is left of its text would tell nothing. */
const COLUMN_MIN = 5;
/** No column is made wider, however much room there is: names can have thousands of characters. */
const COLUMN_MAX = 70;

const SHORT_WAYS = { http: 'header', javascript: 'script', 'cookie-store': 'script', unknown: 'not seen' } as const;

/**
 * The cookies as a table for people, no wider than `widthMax` where that is possible. Text that comes from the site
 * cannot break it: what cannot be seen is named, and what does not fit ends in an ellipsis.
 */
export function cookieTable(cookies: readonly CookieSummary[], widthMax: number): string {
  const rows = cookies.map((summary) => cells(summary).map(visibleText));
  const widths = columnWidths([HEADINGS, ...rows], widthMax - FRAME_WIDTH);
  const table = new Table({
    head: HEADINGS,
    // cli-table3 counts the spaces beside a cell as part of its column.
    colWidths: widths.map((width) => width + 2),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows);
  return table.toString();
}

function cells({ cookie, lifetime, flags, chain }: CookieSummary): string[] {
  const setter = chain.links.at(-1)?.label ?? '';
  return [
    cookie.name,
    cookie.domain,
    cookie.party,
    `${SHORT_WAYS[chain.kind]} ${setter}`.trim(),
    lifetime?.text ?? 'session',
    flags.map(({ label }) => label.replace('SameSite=', '').replace('SameSite not set', 'no SameSite')).join(', '),
  ];
}

/** As wide as their texts where there is room; otherwise the widest give way first. */
function columnWidths(rows: readonly (readonly string[])[], room: number): number[] {
  const widths = HEADINGS.map((_, column) =>
    Math.min(COLUMN_MAX, Math.max(COLUMN_MIN, ...rows.map((row) => textWidth(row[column] ?? '')))),
  );
  for (let excess = sum(widths) - room; excess > 0; excess -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    const width = widths[widest] ?? COLUMN_MIN;
    if (width <= COLUMN_MIN) break;
    widths[widest] = width - 1;
  }
  return widths;
}

/**
 * Columns that a text takes on a terminal: most characters of East Asian scripts and emoji take two.
 *
 * @see https://www.unicode.org/reports/tr11/
 */
function textWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue;
    width += /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60\u3000-\u303e]/u.test(character) ? 2 : 1;
  }
  return width;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
