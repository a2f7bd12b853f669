import type { SkippedPage } from '@cookie-scanner/contracts';
import { counted } from './duration-text.ts';

/** Says which pages were known and left out, and why; nothing when there are none. */
export function skippedPagesNote(
  skipped: readonly SkippedPage[],
): { code: string; level: 'note'; text: string; items: string[] }[] {
  if (skipped.length === 0) return [];
  const text = `${counted(skipped.length, 'page')} that links or sitemaps lead to ${skipped.length === 1 ? 'was' : 'were'} not visited, because robots.txt closes ${skipped.length === 1 ? 'it' : 'them'} to robots.`;
  return [{ code: 'pages_skipped', level: 'note', text, items: skipped.map(({ url }) => url) }];
}
