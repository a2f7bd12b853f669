import { z } from 'zod';
import { createScanBodySchema } from './scan-api.ts';
import { nameSchema } from './text.ts';
import { scanUrlSchemaFor, type ScanUrlPolicy } from './scan-url.ts';

/** Most URLs of one bulk submission. */
export const BULK_URLS_MAX = 10_000;

/**
 * Body of a bulk submission. Its rows are judged one by one by `checkBulkUrls`, so that a bad one does not hide the
 * others.
 */
export const bulkScanBodySchema = createScanBodySchema.omit({ url: true, access: true }).extend({
  urls: z.array(z.string()).min(1).max(BULK_URLS_MAX),
  /** What people call the batch. */
  name: nameSchema.optional(),
});
export type BulkScanBody = z.infer<typeof bulkScanBodySchema>;

/** What a bulk submission says in its query when its body is a file of URLs. */
export const bulkScanQuerySchema = bulkScanBodySchema.pick({ name: true, profileId: true, mode: true });

/** What became of the rows of a bulk submission. Rows are counted from 1. */
export interface BulkUrls {
  /** Each URL once, in its normal form, with the first row that names it. */
  readonly accepted: readonly { row: number; url: string }[];
  /** Rows that named a URL of an earlier row again. */
  readonly duplicateCount: number;
  readonly refused: readonly { row: number; code: string; detail: string }[];
}

/** Judges every row on its own. Two spellings of one URL count as the same. */
export function checkBulkUrls(
  rows: readonly { row: number; url: string }[],
  policy: ScanUrlPolicy = {},
): BulkUrls {
  const schema = scanUrlSchemaFor(policy);
  const rowByUrl = new Map<string, number>();
  const refused: { row: number; code: string; detail: string }[] = [];
  let duplicateCount = 0;

  for (const { row, url: text } of rows) {
    const { data: url, error } = schema.safeParse(text);
    const issue = error?.issues[0];
    if (issue) refused.push({ row, code: codeOf(issue), detail: issue.message });
    else if (url !== undefined && rowByUrl.has(url)) duplicateCount += 1;
    else if (url !== undefined) rowByUrl.set(url, row);
  }
  return { accepted: [...rowByUrl].map(([url, row]) => ({ row, url })), duplicateCount, refused };
}

function codeOf(issue: z.core.$ZodIssue): string {
  const code: unknown = issue.code === 'custom' ? issue.params?.['code'] : undefined;
  return typeof code === 'string' ? code : 'INPUT_INVALID';
}
