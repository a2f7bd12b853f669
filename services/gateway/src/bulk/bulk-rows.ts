import { AppError } from '@cookie-scanner/errors';
import { parse } from 'csv-parse/sync';
import { parseStrictJson } from '../body/strict-json.ts';

/** One row of a file of URLs: what it names, or what is wrong with it. `row` is its line, from 1. */
export type BulkRow =
  { readonly row: number; readonly url: string } | { readonly row: number; readonly fault: string };

/** Longest line that is looked at; a URL has at most 8,192 characters. */
const LINE_LENGTH_MAX = 20_000;
const DELIMITERS = [',', ';', '\t'];

/**
 * The rows of newline-delimited JSON: on each line a URL as a text, or an object whose only key is `url`. Empty lines
 * count as lines and are no rows.
 */
export function ndjsonRows(text: string): BulkRow[] {
  return filledLines(text).map(({ row, line }) => {
    if (line.length > LINE_LENGTH_MAX) return { row, fault: tooLong() };
    const value = jsonOrNull(line);
    if (typeof value === 'string') return { row, url: value };
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const { url, ...others } = value as Record<string, unknown>;
      if (typeof url === 'string' && Object.keys(others).length === 0) return { row, url };
    }
    return { row, fault: 'is neither a URL in quotes nor an object with the key url alone' };
  });
}

/**
 * The rows of CSV. With a heading that names a column `url`, that column, delimited by commas, semicolons or tabs; without
 * one, each line is a URL.
 *
 * @throws AppError INPUT_INVALID, with the line, for quotes that are never closed
 */
export function csvRows(text: string): BulkRow[] {
  const [heading] = filledLines(text);
  const delimiter = heading === undefined ? null : delimiterOf(heading.line);
  if (heading === undefined || delimiter === null) {
    return filledLines(text).map(({ row, line }) =>
      line.length > LINE_LENGTH_MAX ? { row, fault: tooLong() } : { row, url: unquoted(line) },
    );
  }
  const column = columnsOf(heading.line, delimiter).indexOf('url');
  return recordsOf(text, delimiter)
    .slice(1)
    .map(({ row, cells }) => {
      const url = cells[column];
      if (url === undefined || url === '') return { row, fault: 'has nothing in the column url' };
      return url.length > LINE_LENGTH_MAX ? { row, fault: tooLong() } : { row, url };
    });
}

/** What stands between the columns of a heading that names one `url`; null when it is no such heading. */
function delimiterOf(heading: string): string | null {
  return DELIMITERS.find((delimiter) => columnsOf(heading, delimiter).includes('url')) ?? null;
}

function columnsOf(heading: string, delimiter: string): string[] {
  return heading.split(delimiter).map((name) => unquoted(name).toLowerCase());
}

function recordsOf(text: string, delimiter: string): { row: number; cells: string[] }[] {
  const records: { row: number; cells: string[] }[] = [];
  let lineBefore = 0;
  try {
    parse(text, {
      delimiter,
      relaxColumnCount: true,
      relaxQuotes: true,
      skipEmptyLines: true,
      trim: true,
      onRecord: (cells: string[], { lines }) => {
        records.push({ row: lines, cells });
        lineBefore = lines;
        return null;
      },
    });
  } catch (error) {
    // The parser's own message quotes the file.
    const detail = `The file cannot be read as CSV after line ${lineBefore}: check its quotes.`;
    throw new AppError('INPUT_INVALID', detail, {}, { cause: error });
  }
  return records;
}

function filledLines(text: string): { row: number; line: string }[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ row: index + 1, line: line.trim() }))
    .filter(({ line }) => line !== '');
}

function unquoted(cell: string): string {
  return cell
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .replaceAll('""', '"');
}

function jsonOrNull(line: string): unknown {
  try {
    return parseStrictJson(line);
  } catch {
    return null; // Said of the row below, in the words of the row.
  }
}

function tooLong(): string {
  return `has more than ${LINE_LENGTH_MAX} characters`;
}
