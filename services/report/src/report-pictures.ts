import type { ArtifactStore } from '@cookie-scanner/artifacts';
import type { ScanFile, SiteObservation } from '@cookie-scanner/contracts';
import { isAppError } from '@cookie-scanner/errors';
import type { ReportPicture } from './report-input.ts';

/** A report that a mailbox takes: so many pictures, and so large together. */
const PICTURES_MAX = 12;
const SIZE_BYTES_MAX = 8 * 1_024 * 1_024;

/** First bytes of a PNG file. @see https://www.w3.org/TR/png-3/#5PNG-file-signature */
const PNG_MAGIC = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * The pictures that a report shows, the first ones of the scan as far as they fit. One that is gone, damaged or no
 * PNG is left out: a report without it is worth more than none.
 *
 * @throws AppError ARTIFACT_STORE_UNAVAILABLE (retry later)
 */
export async function reportPictures(
  artifacts: Pick<ArtifactStore, 'get'>,
  { files }: SiteObservation,
): Promise<ReportPicture[]> {
  const pictures: ReportPicture[] = [];
  let left = SIZE_BYTES_MAX;
  for (const file of files) {
    if (file.kind !== 'screenshot' || file.sizeBytes > left || pictures.length === PICTURES_MAX) continue;
    const bytes = await readPicture(artifacts, file);
    if (bytes === null || bytes.length > left) continue;
    left -= bytes.length;
    const { name, pageUrl, width, height } = file;
    pictures.push({ name, pageUrl, widthPx: width, heightPx: height, bytes });
  }
  return pictures;
}

async function readPicture(artifacts: Pick<ArtifactStore, 'get'>, file: ScanFile): Promise<Buffer | null> {
  try {
    const bytes = await artifacts.get(file.reference, { sha256: file.sha256 });
    return bytes.subarray(0, PNG_MAGIC.length).equals(PNG_MAGIC) ? bytes : null;
  } catch (error) {
    if (!isAppError(error) || error.rule.retry === 'later') throw error;
    return null;
  }
}
