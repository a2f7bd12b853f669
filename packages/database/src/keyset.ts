import { AppError } from '@cookie-scanner/errors';

/** A page of a list. `nextCursor` is null on the last one. */
export interface KeysetPage<T> {
  items: T[];
  nextCursor: string | null;
}

/** Which page of a list is wanted: null for the first, else what the page before gave out; at most 1,000 items. */
export interface PageRequest {
  cursor: string | null;
  limit: number;
}

/** Most items in one page of a list. */
const PAGE_SIZE_MAX = 1_000;

/** What one part of a cursor must look like before it reaches PostgreSQL. */
const PART_FORMATS = {
  integer: /^\d{1,9}$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  /** As PostgreSQL prints it, so that no microsecond is lost. */
  time: /^\d{4,6}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?\+00$/,
  word: /^[a-z_]{1,64}$/,
  domain: /^\S{1,255}$/,
  slug: /^[a-z0-9-]{1,100}$/,
  sha256: /^[0-9a-f]{64}$/,
  email: /^\S{3,254}$/,
} as const;

type PartKind = keyof typeof PART_FORMATS;

/** How many items a page holds. */
export function pageSize({ limit }: PageRequest): number {
  return Math.min(Math.max(1, Math.trunc(limit) || 1), PAGE_SIZE_MAX);
}

/**
 * The page that these rows make. One more than `size` was asked of the database, to know whether more follow.
 *
 * @param keyOf - the values that the list is ordered by, which the cursor carries
 */
export function keysetPage<TRow, TItem>(
  rows: readonly TRow[],
  size: number,
  keyOf: (row: TRow) => readonly string[],
  itemOf: (row: TRow) => TItem,
): KeysetPage<TItem> {
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  const nextCursor = rows.length > size && last !== undefined ? cursorOf(keyOf(last)) : null;
  return { items: shown.map(itemOf), nextCursor };
}

/**
 * The key of the last item of the page before; null for the first page.
 *
 * @throws AppError INPUT_INVALID for a cursor that no list with this order gave out
 */
export function keyBefore<const TKinds extends readonly PartKind[]>(
  { cursor }: PageRequest,
  kinds: TKinds,
): { [Index in keyof TKinds]: string } | null {
  if (cursor === null) return null;
  const parts = Buffer.from(cursor, 'base64url').toString().split('\n');
  const isOurs =
    cursorOf(parts) === cursor &&
    parts.length === kinds.length &&
    kinds.every((kind, index) => PART_FORMATS[kind].test(parts[index] ?? ''));
  if (isOurs) return parts as { [Index in keyof TKinds]: string };
  throw new AppError('INPUT_INVALID', 'cursor is not one that this list gave out: start again without it');
}

function cursorOf(parts: readonly string[]): string {
  return Buffer.from(parts.join('\n')).toString('base64url');
}
