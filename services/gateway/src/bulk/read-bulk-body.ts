import {
  BULK_URLS_MAX,
  bulkScanBodySchema,
  bulkScanQuerySchema,
  type BulkScanBody,
} from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { Request } from 'express';
import { z } from 'zod';
import { decodeUtf8, readBody } from '../body/read-body.ts';
import { jsonOf } from '../body/read-json-body.ts';
import { parseBody, parseQuery } from '../http/parse-input.ts';
import { csvRows, ndjsonRows, type BulkRow } from './bulk-rows.ts';

/** A bulk submission, whatever it was written in. */
interface BulkSubmission {
  readonly rows: readonly BulkRow[];
  readonly asked: Omit<BulkScanBody, 'urls'>;
  /** The same for the same submission. */
  readonly body: unknown;
}

/** Types of bodies that bulk submissions may have. */
export const BULK_TYPES = ['application/json', 'application/x-ndjson', 'text/csv'] as const;

const NOTHING = z.strictObject({});

const RULE = {
  types: BULK_TYPES,
  sizeBytesMax: 8_388_608,
  advice: `Send UTF-8 with one of these as Content-Type: ${BULK_TYPES.join(', ')}.`,
};

/**
 * Reads a bulk submission. JSON says everything in its body; with NDJSON and CSV, what the scans are to be like stands in
 * the query.
 *
 * @throws AppError INPUT_INVALID for no rows, more than 10,000, a file that is not UTF-8, and as `parseBody` does
 * @throws AppError as `readBody` does
 */
export async function readBulkBody(request: Request): Promise<BulkSubmission> {
  const { type, bytes } = await readBody(request, RULE);
  if (type === 'application/json') {
    parseQuery(NOTHING, request);
    const body = jsonOf(bytes);
    const { urls, ...asked } = parseBody(bulkScanBodySchema, body);
    return { rows: urls.map((url, index) => ({ row: index + 1, url })), asked, body };
  }
  const text = decodeUtf8(bytes);
  if (text === null) {
    throw new AppError('INPUT_INVALID', 'The file is not UTF-8 text; save it as CSV in UTF-8.');
  }
  const rows = type === 'text/csv' ? csvRows(text) : ndjsonRows(text);
  if (rows.length === 0) throw new AppError('INPUT_INVALID', 'There is no URL in the file.');
  if (rows.length > BULK_URLS_MAX) {
    const detail = `At most ${BULK_URLS_MAX} URLs are taken at once, and these are ${rows.length}: send them in parts.`;
    throw new AppError('INPUT_INVALID', detail);
  }
  return { rows, asked: parseQuery(bulkScanQuerySchema, request), body: text };
}
