import robotsParserModule from 'robots-parser';
import { SiteFileError, type SiteFiles } from './site-file.ts';

/** What the robots.txt of one origin asks of robots. */
export interface RobotsRules {
  /** Whether robots may visit the address, which must be of the origin. */
  allows(url: string): boolean;
  /** Addresses of sitemaps, as they stand there. */
  readonly sitemaps: readonly string[];
  /** Why they are not known, in words that follow the address of the file; null when they are. */
  readonly problem: string | null;
}

/** Its types tell of a default export, which Node does not see: the module itself is the function. */
const robotsParser = robotsParserModule as unknown as (typeof robotsParserModule)['default'];

/** The name by which a robots.txt can speak of this scanner in particular. */
const ROBOTS_TOKEN = 'cookie-scanner';
/** @see https://www.rfc-editor.org/rfc/rfc9309#section-2.5 */
const TEXT_BYTES_MAX = 500 * 1_024;
const LINE_LENGTH_MAX = 2_000;
const LIMIT_MS = 5_000;

const NO_RULES: RobotsRules = { allows: () => true, sitemaps: [], problem: null };

/**
 * Reads the robots.txt of an origin. Without one everything is allowed; where it cannot be read, everything is too,
 * and `problem` says so. Never throws.
 */
export async function readRobotsRules(
  files: SiteFiles,
  origin: string,
  limitMs: number,
): Promise<RobotsRules> {
  const url = `${origin}/robots.txt`;
  try {
    const { status, chunks } = await files.open(
      url,
      AbortSignal.timeout(Math.ceil(Math.min(LIMIT_MS, limitMs))),
    );
    if (status !== 200) {
      await chunks.return(undefined);
      return status >= 500 ? { ...NO_RULES, problem: `was answered with ${status}` } : NO_RULES;
    }
    const robots = robotsParser(url, await readText(chunks));
    return {
      allows: (address) => robots.isAllowed(address, ROBOTS_TOKEN) ?? true,
      sitemaps: robots.getSitemaps(),
      problem: null,
    };
  } catch (error) {
    if (error instanceof SiteFileError) return { ...NO_RULES, problem: error.message };
    throw error;
  }
}

/** The first part of a long text; rules so long that matching them takes its time are left out. */
async function readText(chunks: AsyncIterable<Buffer>): Promise<string> {
  const read: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    read.push(chunk);
    bytes += chunk.length;
    if (bytes >= TEXT_BYTES_MAX) break;
  }
  const text = Buffer.concat(read)
    .subarray(0, TEXT_BYTES_MAX)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  return text
    .split(/\r\n|\r|\n/)
    .filter((line) => line.length <= LINE_LENGTH_MAX)
    .join('\n');
}
