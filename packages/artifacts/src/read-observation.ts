import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { siteObservationSchema, type SiteObservation } from '@cookie-scanner/contracts';
import { isAppError, type AppError } from '@cookie-scanner/errors';
import type { ArtifactStore } from './artifact-store.ts';

const inflate = promisify(gunzip);

/** More than the largest observation has, so that a damaged or forged file cannot fill the memory. */
const OBSERVATION_SIZE_BYTES_MAX = 256 * 1_024 * 1_024;

/** First bytes of a gzip file. @see https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1 */
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** An observation that cannot be had again by trying again, and why, for people. */
export interface LostObservation {
  readonly lost: string;
}

/**
 * Reads an observation from the artifact store and proves that it is the one that the scan's row names.
 *
 * @param artifact - as the row has it: where it lies, and its SHA-256
 * @returns `lost` when the file is gone, is not what was stored, or is no observation
 * @throws AppError ARTIFACT_STORE_UNAVAILABLE (retry later)
 */
export async function readObservation(
  artifacts: Pick<ArtifactStore, 'get'>,
  artifact: { readonly key: string; readonly sha256: string },
): Promise<SiteObservation | LostObservation> {
  let bytes: Buffer;
  try {
    bytes = await artifacts.get(artifact.key, { sha256: artifact.sha256 });
  } catch (error) {
    if (!isAppError(error) || error.rule.retry === 'later') throw error;
    return { lost: reasonOf(error) };
  }
  try {
    return siteObservationSchema.parse(JSON.parse(await decompressed(bytes)));
  } catch {
    // Its hash is right, so it was stored like this: the reason is in what wrote it, and its text may hold values.
    return { lost: 'the stored observation cannot be read' };
  }
}

function reasonOf(error: AppError): string {
  if (error.code === 'ARTIFACT_NOT_FOUND') return 'the stored observation is missing';
  if (error.code === 'ARTIFACT_DAMAGED')
    return 'the stored observation is damaged: its SHA-256 is not the recorded one';
  return `the stored observation cannot be read (${error.code})`;
}

async function decompressed(bytes: Buffer): Promise<string> {
  const isGzip = bytes.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC);
  const plain = isGzip ? await inflate(bytes, { maxOutputLength: OBSERVATION_SIZE_BYTES_MAX }) : bytes;
  return plain.toString('utf8');
}
