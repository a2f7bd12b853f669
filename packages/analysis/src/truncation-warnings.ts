import type { Quality } from '@cookie-scanner/contracts';
import { counted } from './duration-text.ts';

/** What an entry of each list of an observation is called. */
const NOUNS: ReadonlyMap<string, readonly [string, string]> = new Map(
  Object.entries({
    cookies: ['cookie', 'cookies'],
    'cookies.events': ['event of one cookie', 'events of one cookie'],
    transientCookies: ['cookie that was gone again', 'cookies that were gone again'],
    'transientCookies.events': [
      'event of one cookie that was gone again',
      'events of one cookie that was gone again',
    ],
    blockedCookies: ['refused cookie', 'refused cookies'],
    storage: ['entry of storage', 'entries of storage'],
    refusedConnections: ['refused connection', 'refused connections'],
    windows: ['window', 'windows'],
  }),
);

/** One warning where the site did more of something than a result keeps, with how much there was of each. */
export function truncationWarnings(
  truncated: Quality['truncated'],
): { code: string; level: 'gap'; text: string; items: string[] }[] {
  if (truncated.length === 0) return [];
  const items = truncated.map(({ list, kept, total }) => {
    const [one, many] = NOUNS.get(list) ?? [`entry of “${list}”`, `entries of “${list}”`];
    return `${kept.toLocaleString('en-GB')} of ${counted(total, one, many)}`;
  });
  const text = `The site did more than a result keeps, so it names only ${items.join('; ')}.`;
  return [{ code: 'truncated', level: 'gap', text, items: [] }];
}
