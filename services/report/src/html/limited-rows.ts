/** Rows of one table; the JSON report has them all. */
const ROWS_SHOWN_MAX = 1_000;

/** Rows of one table, and how many more there are. */
export interface Rows<T> {
  readonly rows: readonly T[];
  readonly total: number;
  /** "23 more are in the JSON report"; null when all are here. */
  readonly leftOut: string | null;
}

/** The rows of a table, as many as anybody reads. */
export function limited<T, R>(items: readonly T[], toRow: (item: T) => R): Rows<R> {
  const more = items.length - ROWS_SHOWN_MAX;
  return {
    rows: items.slice(0, ROWS_SHOWN_MAX).map(toRow),
    total: items.length,
    leftOut: more > 0 ? `${more.toLocaleString('en-GB')} more are in the JSON report.` : null,
  };
}
