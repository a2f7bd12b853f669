import type { CDPSession } from '../browser/cdp.ts';
import { TIMED_OUT, within } from '../deadline.ts';

const TEXT_MAX_BYTES = 2_000_000;

/** A file that was asked for beside the page. */
export interface NetworkFile {
  readonly httpStatus: number | null;
  /** Null when there was no answer with a body. */
  readonly text: string | null;
}

/**
 * Asks for a file the way a page of this frame would, so through the scan's egress gateway, but without cookies: it
 * neither sends nor takes any.
 */
export async function loadFile(
  page: CDPSession,
  frameId: string,
  url: string,
  limitMs: number,
): Promise<NetworkFile> {
  const answer = await within(load(page, frameId, url), limitMs).catch(() => null); // The page is gone.
  return answer === null || answer === TIMED_OUT ? { httpStatus: null, text: null } : answer;
}

async function load(page: CDPSession, frameId: string, url: string): Promise<NetworkFile> {
  const { resource } = await page.send('Network.loadNetworkResource', {
    frameId,
    url,
    options: { disableCache: true, includeCredentials: false },
  });
  const httpStatus = resource.httpStatusCode ?? null;
  if (resource.stream === undefined) return { httpStatus, text: null };
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for (let isOver = false; !isOver && sizeBytes < TEXT_MAX_BYTES;) {
    const { data, base64Encoded, eof } = await page.send('IO.read', { handle: resource.stream });
    const chunk = Buffer.from(data, base64Encoded === true ? 'base64' : 'utf8');
    chunks.push(chunk);
    sizeBytes += chunk.length;
    isOver = eof;
  }
  await page.send('IO.close', { handle: resource.stream });
  return { httpStatus, text: Buffer.concat(chunks).toString('utf8') };
}
