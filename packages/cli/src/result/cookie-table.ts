import { clipText, counted, visibleText, type CookieSummary } from '@cookie-scanner/analysis';
import Table from 'cli-table3';
import { textWidth, wrapText } from './text-width.ts';

/** Columns with the width below which their text would tell little. */
const COLUMNS = [
  { heading: 'Name', widthMin: 12 },
  { heading: 'Domain', widthMin: 12 },
  { heading: 'Party', widthMin: 5 },
  { heading: 'Set by', widthMin: 14 },
  { heading: 'Lifetime', widthMin: 8 },
  { heading: 'Flags', widthMin: 8 },
] as const;
const HEADINGS = COLUMNS.map(({ heading }) => heading);
/** A space on either side and a line before each column, and one line at the end. */
const FRAME_WIDTH = COLUMNS.length * 3 + 1;
/** Characters of one cell that are shown: names and domains of a hostile site have thousands. */
const CELL_LENGTH_MAX = 120;

const SHORT_WAYS = {
  http: 'header',
  javascript: 'script',
  'cookie-store': 'script',
  unknown: 'not seen',
} as const;

/**
 * The cookies as a table for people, no wider than `widthMax` (at least 78): text that does not fit is wrapped. Text
 * that comes from the site cannot break it: what cannot be seen is named, and what is endless is cut.
 */
export function cookieTable(cookies: readonly CookieSummary[], widthMax: number): string {
  const texts = cookies.map((summary) => cells(summary).map(cellText));
  const widths = columnWidths([HEADINGS, ...texts], widthMax - FRAME_WIDTH);
  const rows = texts.map((row) => row.map((text, column) => wrapText(text, widths[column] ?? 1).join('\n')));
  const table = new Table({
    head: [...HEADINGS],
    // cli-table3 counts the spaces beside a cell as part of its column.
    colWidths: widths.map((width) => width + 2),
    // Lines between the cookies only where it would not be clear where one ends.
    style: { head: [], border: [], compact: !rows.some((row) => row.some((text) => text.includes('\n'))) },
  });
  table.push(...rows);
  return table.toString();
}

function cells({ cookie, lifetime, flags, chain }: CookieSummary): string[] {
  const setter = chain.links.at(-1)?.label ?? '';
  return [
    cookie.name === '' ? '(no name)' : cookie.name,
    cookie.domain,
    cookie.party,
    `${SHORT_WAYS[chain.kind]} ${setter}`.trim(),
    lifetime?.text ?? 'session',
    flags
      .map(({ label }) => shortFlag(label))
      .filter((flag) => flag !== '')
      .join(', '),
  ];
}

function shortFlag(label: string): string {
  // The domain tells: only that of other cookies begins with a dot.
  if (label === 'Host only') return '';
  return label === 'SameSite not set' ? 'no SameSite' : label.replace('SameSite=', '');
}

function cellText(text: string): string {
  const { shown, cutFrom } = clipText(text, CELL_LENGTH_MAX);
  const visible = visibleText(shown);
  return cutFrom === null ? visible : `${visible}… (${counted(cutFrom, 'character')})`;
}

/** As wide as their texts where there is room; otherwise the widest give way first. */
function columnWidths(rows: readonly (readonly string[])[], room: number): number[] {
  const widths = COLUMNS.map(({ heading }, column) =>
    Math.max(textWidth(heading), ...rows.map((row) => textWidth(row[column] ?? ''))),
  );
  const spare = (column: number): number => (widths[column] ?? 0) - (COLUMNS[column]?.widthMin ?? 0);
  for (let excess = sum(widths) - room; excess > 0; excess -= 1) {
    const shrinkable = [...widths.keys()].filter((column) => spare(column) > 0);
    const widest = shrinkable.sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 1) - 1;
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
