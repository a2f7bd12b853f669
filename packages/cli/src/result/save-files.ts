import type { ScanFileKind, ScanResult } from '@cookie-scanner/contracts';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GatewayClient } from '../client/gateway-client.ts';
import { reportName } from './save-reports.ts';

/** A file of a scan that was saved on this machine. */
export interface SavedFile {
  readonly kind: ScanFileKind;
  readonly path: string;
}

/**
 * Saves screenshots and the record of requests in a folder `<host>-<time>.files` of their own.
 *
 * @param folder - where the reports are
 * @param now - time for the name, in Unix milliseconds
 */
export async function saveFiles(
  client: Pick<GatewayClient, 'files' | 'file'>,
  scan: ScanResult,
  folder: string,
  now: number,
): Promise<SavedFile[]> {
  const files = await client.files(scan.id);
  const own = join(folder, `${reportName(scan, now)}.files`);
  if (files.length > 0) await mkdir(own, { recursive: true });
  const saved: SavedFile[] = [];
  for (const { kind, name } of files) {
    const path = join(own, name);
    await writeFile(path, await client.file(scan.id, name));
    saved.push({ kind, path });
  }
  return saved;
}
