import { appliedApprovalSchema, baselineContentSchema } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const PROBLEMS_MAX = 3;

const baselineFileSchema = z.object({
  /** Of this format. */
  version: z.literal(1),
  /** Of the scan that it was saved from. */
  url: z.string(),
  savedAt: z.iso.datetime(),
  ...baselineContentSchema.shape,
  /** Written by people: who answers for what the lists above do not have. */
  approvals: z.array(
    appliedApprovalSchema.extend({ expiresAt: z.iso.datetime({ offset: true }).nullable() }),
  ),
});

/** The state of a site that a build holds its scans against, as a file beside the code. */
export type BaselineFile = z.infer<typeof baselineFileSchema>;

/**
 * Reads a baseline.
 *
 * @throws AppError INPUT_INVALID that says what is wrong with the file
 */
export function readBaselineFile(path: string): BaselineFile {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new AppError('INPUT_INVALID', unreadableText(path, error), {}, { cause: error });
  }
  const parsed = baselineFileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues
    .slice(0, PROBLEMS_MAX)
    .map(({ path: place, message }) => `${place.length === 0 ? 'the file' : place.join('.')}: ${message}`);
  throw new AppError(
    'INPUT_INVALID',
    `${path} is not a baseline that --save-baseline wrote: ${problems.join('; ')}.`,
  );
}

/** A baseline as its file has it: indented, so that a review shows each cookie that comes or goes. */
export function baselineFileText(file: BaselineFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

function unreadableText(path: string, error: unknown): string {
  if (error instanceof SyntaxError) return `${path} is not JSON: ${error.message}.`;
  return `${path} cannot be read; make it first, with --save-baseline.`;
}
