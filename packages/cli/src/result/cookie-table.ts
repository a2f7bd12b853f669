import {
  clipText,
  counted,
  visibleText,
  type CookieSummary,
  type SetterChain,
} from '@cookie-scanner/analysis';
import type { CookieClassification } from '@cookie-scanner/contracts';
import Table from 'cli-table3';
import { textWidth, wrapText } from './text-width.ts';

/** One column: what stands in it, and the width below which that would tell little. */
interface Column {
  readonly heading: string;
  readonly widthMin: number;
  readonly text: (cookie: ShownCookie) => string;
}

const COLUMNS: readonly Column[] = [
  { heading: 'Name', widthMin: 12, text: ({ cookie }) => (cookie.name === '' ? '(no name)' : cookie.name) },
  { heading: 'Domain', widthMin: 12, text: ({ cookie }) => cookie.domain },
  { heading: 'Party', widthMin: 5, text: ({ cookie }) => cookie.party },
  { heading: 'Category', widthMin: 9, text: ({ classification }) => categoryText(classification) },
  { heading: 'Set by', widthMin: 10, text: ({ chain }) => setterText(chain) },
  { heading: 'Lifetime', widthMin: 8, text: ({ lifetime }) => lifetime?.text ?? 'session' },
  { heading: 'Flags', widthMin: 8, text: ({ flags }) => flagsText(flags) },
];
/** Left out where there is not room for all: the domain tells as much. */
const LEAST = 'Party';

/** A space on either side and a line before each column, and one line at the end. */
function frameWidth(columns: readonly Column[]): number {
  return columns.length * 3 + 1;
}

/** Characters of one cell that are shown: names and domains of a hostile site have thousands. */
const CELL_LENGTH_MAX = 120;

const SHORT_WAYS = {
  http: 'header',
  javascript: 'script',
  'cookie-store': 'script',
  preset: 'preset',
  unknown: 'not seen',
} as const;

/** A cookie with what it is for; null where nobody said. */
export interface ShownCookie extends CookieSummary {
  readonly classification: CookieClassification | null;
}

/**
 * The cookies as a table for people, no wider than `widthMax` (at least 78): text that does not fit is wrapped. Text
 * that comes from the site cannot break it: what cannot be seen is named, and what is endless is cut.
 */
export function cookieTable(cookies: readonly ShownCookie[], widthMax: number): string {
  const columns = columnsFor(widthMax);
  const headings = columns.map(({ heading }) => heading);
  const texts = cookies.map((cookie) => columns.map(({ text }) => cellText(text(cookie))));
  const widths = columnWidths(columns, texts, widthMax - frameWidth(columns));
  const rows = texts.map((row) => row.map((text, column) => wrapText(text, widths[column] ?? 1).join('\n')));
  const table = new Table({
    head: headings,
    // cli-table3 counts the spaces beside a cell as part of its column.
    colWidths: widths.map((width) => width + 2),
    // Lines between the cookies only where it would not be clear where one ends.
    style: { head: [], border: [], compact: !rows.some((row) => row.some((text) => text.includes('\n'))) },
  });
  table.push(...rows);
  return table.toString();
}

function columnsFor(widthMax: number): readonly Column[] {
  const needed = sum(COLUMNS.map(({ widthMin }) => widthMin)) + frameWidth(COLUMNS);
  return widthMax >= needed ? COLUMNS : COLUMNS.filter(({ heading }) => heading !== LEAST);
}

function setterText({ kind, links }: SetterChain): string {
  return `${SHORT_WAYS[kind]} ${links.at(-1)?.label ?? ''}`.trim();
}

function flagsText(flags: CookieSummary['flags']): string {
  return flags
    .map(({ label }) => shortFlag(label))
    .filter((flag) => flag !== '')
    .join(', ');
}

/** A question mark stands for what is likely and not known. */
function categoryText(classification: CookieClassification | null): string {
  if (classification === null || classification.category === 'unclassified') return 'unknown';
  return classification.confidence === 'low' ? `${classification.category}?` : classification.category;
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
function columnWidths(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  room: number,
): number[] {
  const widths = columns.map(({ heading }, column) =>
    Math.max(textWidth(heading), ...rows.map((row) => textWidth(row[column] ?? ''))),
  );
  const spare = (column: number): number => (widths[column] ?? 0) - (columns[column]?.widthMin ?? 0);
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
