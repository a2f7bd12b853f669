import { AppError } from '@cookie-scanner/errors';
import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { readUrls, type ListedUrl } from './url-list.ts';
import { urlSet } from './url-set.ts';

/** Where the URLs of a crawl come from. */
export interface UrlSource {
  /** Reads them from the beginning. */
  read(): AsyncIterable<ListedUrl>;
  /** How many different ones there are; null when that is not known beforehand. */
  readonly total: number | null;
  /** Different hosts among them, as far as two of them; null when that is not known beforehand. */
  readonly hosts: readonly string[] | null;
}

/**
 * A file of URLs, compressed when its name ends in `.gz`. It is read twice: now, to know how much there is and whether
 * it is a list at all, and again while it is worked on.
 *
 * @throws AppError INPUT_INVALID when it cannot be read, is no list, or has no URL in it
 */
export async function openUrlFile(path: string): Promise<UrlSource> {
  const read = (): AsyncIterable<ListedUrl> => readFile(path);
  const urls = urlSet();
  const hosts = new Set<string>();
  for await (const { url } of read()) {
    urls.add(url);
    if (hosts.size < 2 && URL.canParse(url)) hosts.add(new URL(url).host);
  }
  if (urls.size === 0)
    throw new AppError(
      'INPUT_INVALID',
      `${path} holds no URL; write one a line, such as https://example.com.`,
    );
  return { read, total: urls.size, hosts: [...hosts] };
}

/** URLs that come one by one, from a terminal or another program. */
export function streamedUrls(input: Readable): UrlSource {
  return { read: () => readUrls(input, 'The input'), total: null, hosts: null };
}

async function* readFile(path: string): AsyncGenerator<ListedUrl> {
  const file = createReadStream(path);
  const text = path.endsWith('.gz') ? pipeline(file, createGunzip(), () => undefined) : file;
  try {
    yield* readUrls(text, path);
  } catch (error) {
    throw inputFault(error, path);
  } finally {
    file.destroy();
  }
}

function inputFault(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || error instanceof AppError) return error;
  const message = code.startsWith('Z_')
    ? `${path} is not a complete gzip file; compress it again, or name it without .gz.`
    : `${path} cannot be read; give a file with one URL a line as --input.`;
  return new AppError('INPUT_INVALID', message, { code }, { cause: error });
}
