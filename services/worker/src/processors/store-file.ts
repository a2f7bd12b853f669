import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ArtifactStore } from '@cookie-scanner/artifacts';
import type { FileToSave } from '@cookie-scanner/scan-engine';
import { attemptFolder } from './attempt-folder.ts';

const compress = promisify(gzip);

/**
 * Stores a file that a scan made, under the attempt that made it.
 *
 * @returns the key of the artifact
 * @throws AppError ARTIFACT_STORE_UNAVAILABLE
 */
export async function storeFile(
  { kind, name, bytes }: FileToSave,
  { scanId, attempt }: { readonly scanId: string; readonly attempt: number },
  artifacts: Pick<ArtifactStore, 'put'>,
): Promise<string> {
  const key = `${attemptFolder(scanId, attempt)}/files/${name}`;
  // Pictures are compressed already.
  if (kind === 'screenshot') return (await artifacts.put(key, bytes)).key;
  return (await artifacts.put(`${key}.gz`, await compress(bytes))).key;
}
