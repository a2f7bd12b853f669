import { z } from 'zod';

/** Of which pages pictures are taken: `viewport` what a visitor sees without scrolling, `full` the whole page. */
export const screenshotModeSchema = z.enum(['none', 'viewport', 'full']);
export type ScreenshotMode = z.infer<typeof screenshotModeSchema>;

/** What a file of a scan is: a picture of a page, or the record of all requests (HTTP Archive 1.2). */
export const scanFileKindSchema = z.enum(['screenshot', 'har']);
export type ScanFileKind = z.infer<typeof scanFileKindSchema>;

/** Name of a file of a scan, unique within the scan; safe as a file name and in a path of a URL. */
export const scanFileNameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}\.(png|har)$/);

/** A file that a scan made, where it was stored, and what it shows. */
export const scanFileSchema = z.object({
  kind: scanFileKindSchema,
  name: scanFileNameSchema,
  /** Where it was stored, in the words of whoever stored it: a key of the artifact store, or a path. */
  reference: z.string(),
  contentType: z.string(),
  /** Before any compression in storage, as is `sha256`. */
  sizeBytes: z.number().int().min(0),
  /** Hexadecimal. */
  sha256: z.string(),
  /** Page it shows; null for what belongs to the whole scan. */
  pageUrl: z.string().nullable(),
  /** When it was made, from the start of the scan. */
  atMs: z.number().min(0),
  /** Pixels of a picture; null for other files. */
  width: z.number().int().min(1).nullable(),
  height: z.number().int().min(1).nullable(),
});
export type ScanFile = z.infer<typeof scanFileSchema>;

/** The files of a scan, as the API lists them; where they are stored is nobody's business. */
export const scanFileListSchema = z.object({ items: z.array(scanFileSchema.omit({ reference: true })) });
export type ScanFileList = z.infer<typeof scanFileListSchema>;
