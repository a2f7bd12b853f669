import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/**
 * Reads a list of URLs, one a line, as slowly as they are asked for. Blank lines and comments (`#`) are skipped, and
 * so is the mark that some editors put before a file.
 */
export async function* readUrls(input: Readable): AsyncGenerator<string> {
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    const url = line.replace(/^\ufeff/, '').trim();
    if (url !== '' && !url.startsWith('#')) yield url;
  }
}

/** How many different URLs a file holds. */
export async function countUrls(path: string): Promise<number> {
  const urls = new Set<string>();
  for await (const url of readUrls(createReadStream(path))) urls.add(url);
  return urls.size;
}
