import type { ConsentObservation } from '@cookie-scanner/contracts';
import type { CDPSession } from '../../browser/cdp.ts';
import { loadFile } from '../network-file.ts';

const LIMIT_MS = 5_000;

/**
 * Reads the site's statement on Global Privacy Control.
 *
 * @returns null when the page shown has no origin that could make one
 * @see https://www.w3.org/TR/gpc/#gpc-support-resource
 */
export async function readGpcDeclaration(
  page: CDPSession,
  frameId: string,
  pageUrl: string,
): Promise<ConsentObservation['gpcDeclaration']> {
  if (!/^https?:/.test(pageUrl) || !URL.canParse(pageUrl)) return null;
  const url = new URL('/.well-known/gpc.json', pageUrl).href;
  const { httpStatus, text } = await loadFile(page, frameId, url, LIMIT_MS);
  return { url, httpStatus, ...(httpStatus === 200 ? parseGpc(text ?? '') : NOTHING) };
}

const NOTHING = { honoursGpc: null, lastUpdate: null };

/** What the file says; nothing where it is no such file. */
export function parseGpc(text: string): { honoursGpc: boolean | null; lastUpdate: string | null } {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return NOTHING; // Many servers answer every address with a page.
  }
  if (typeof content !== 'object' || content === null) return NOTHING;
  const { gpc, lastUpdate } = content as { gpc?: unknown; lastUpdate?: unknown };
  return {
    honoursGpc: typeof gpc === 'boolean' ? gpc : null,
    lastUpdate: typeof lastUpdate === 'string' ? lastUpdate.slice(0, 50) : null,
  };
}
