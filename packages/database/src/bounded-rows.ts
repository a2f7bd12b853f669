import type { Setter } from '@cookie-scanner/contracts';
import { fromPostgresText, toBoundedText } from './postgres-text.ts';

/** Longest list (pages, initiators, events) kept in a row; PostgreSQL's checks use the same number. */
const LIST_LENGTH_MAX = 200;

/** Keeps both ends of an endless list: who began it, and how it ended. */
export function firstAndLast<T>(items: T[]): T[] {
  if (items.length <= LIST_LENGTH_MAX) return items;
  return [...items.slice(0, LIST_LENGTH_MAX / 2), ...items.slice(-LIST_LENGTH_MAX / 2)];
}

/** Maps a text, and leaves null as it is. */
export function nullOr(map: (text: string) => string, text: string | null): string | null {
  return text === null ? null : map(text);
}

/** The columns of whoever set something. */
export interface SetterColumns {
  set_by_kind: Setter['kind'];
  set_by_url: string | null;
  set_by_initiators: string[];
  set_by_confidence: Setter['confidence'];
}

/** A setter as a row keeps it. */
export function setterToRow({ kind, url, initiators, confidence }: Setter): SetterColumns {
  return {
    set_by_kind: kind,
    set_by_url: nullOr(toBoundedText, url),
    set_by_initiators: firstAndLast(initiators).map(toBoundedText),
    set_by_confidence: confidence,
  };
}

/** The setter that a row keeps. */
export function setterFromRow(row: SetterColumns): Setter {
  return {
    kind: row.set_by_kind,
    url: nullOr(fromPostgresText, row.set_by_url),
    initiators: row.set_by_initiators.map(fromPostgresText),
    confidence: row.set_by_confidence,
  };
}
