import type { FileToSave } from '@cookie-scanner/scan-engine';
import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const HOST_CHARACTERS_MAX = 80;
const DIGEST_CHARACTERS = 12;

/** Where the files of a crawl go: a folder beside its results, with a folder for each site. */
export interface SiteFiles {
  /** Stores a file of one site, in place of an earlier one. @returns its path from the folder of the results */
  save(url: string, file: FileToSave): Promise<string>;
}

/**
 * @param output - path of the results; `out.ndjson` has its files in `out.files`
 */
export function siteFiles(output: string): SiteFiles {
  const name = `${basename(output).replace(/(?:\.(?:ndjson|jsonl|json))?(?:\.gz)?$/i, '')}.files`;
  return {
    async save(url, file) {
      const reference = `${name}/${folderName(url)}/${file.name}`;
      const path = join(dirname(output), reference);
      await mkdir(dirname(path), { recursive: true });
      // A crawl that is killed leaves no half of a file under its name.
      const unfinished = `${path}.${process.pid}.part`;
      await writeFile(unfinished, file.bytes);
      await rename(unfinished, path);
      return reference;
    },
  };
}

/** Readable and safe in every file system, and different for every URL. */
function folderName(url: string): string {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  const readable = host.replace(/[^a-z0-9.-]+/gi, '-').slice(0, HOST_CHARACTERS_MAX);
  const digest = createHash('sha256').update(url).digest('hex').slice(0, DIGEST_CHARACTERS);
  return `${readable.replace(/^[.-]+/, '') || 'site'}-${digest}`;
}
