import type { ReportFormat, ScanResult } from '@cookie-scanner/contracts';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GatewayClient } from '../client/gateway-client.ts';

/** A report that was saved on this machine. */
export interface SavedReport {
  readonly format: ReportFormat;
  readonly path: string;
}

/**
 * Saves every report of a scan that is ready as `<host>-<time>.<format>`. No file is ever overwritten.
 *
 * @param folder - made when it is not there
 * @param now - time for the names, in Unix milliseconds
 */
export async function saveReports(
  client: GatewayClient,
  scan: ScanResult,
  folder: string,
  now: number,
): Promise<SavedReport[]> {
  const saved: SavedReport[] = [];
  for (const { format, state } of scan.reports) {
    if (state !== 'ready') continue;
    const bytes = await client.report(scan.id, format);
    await mkdir(folder, { recursive: true });
    saved.push({ format, path: await writeNew(folder, reportName(scan, now), format, bytes) });
  }
  return saved;
}

/** Host and time, in characters that every file system takes. */
export function reportName(
  { requestedUrl, finalUrl }: Pick<ScanResult, 'requestedUrl' | 'finalUrl'>,
  now: number,
): string {
  const url = finalUrl ?? requestedUrl;
  const host = (URL.canParse(url) ? new URL(url).hostname : 'site')
    .replace(/[^a-z0-9.-]/gi, '_')
    .slice(0, 100);
  return `${host}-${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
}

async function writeNew(
  folder: string,
  name: string,
  format: ReportFormat,
  bytes: Uint8Array,
): Promise<string> {
  for (let copy = 1; ; copy += 1) {
    const path = join(folder, `${name}${copy === 1 ? '' : `-${copy}`}.${format}`);
    try {
      await writeFile(path, bytes, { flag: 'wx' });
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
