import type { SiteObservation } from '@cookie-scanner/contracts';
import type { ClassifiedScan } from './classified-scan.ts';

/** Conditions that must be the same on both sides, with what to say where they are not. */
const CONDITIONS: readonly (readonly [text: string, of: (observation: SiteObservation) => string])[] = [
  ['The browser treated third-party cookies differently.', ({ quality }) => quality.thirdPartyCookies],
  ['The browser showed itself differently.', ({ quality }) => quality.browserIdentity],
  [
    'The scans looked at different consent states.',
    ({ consent }) =>
      consent.runs
        .map(({ state }) => state)
        .toSorted()
        .join(' '),
  ],
  ['The visitors used different devices.', ({ visitor }) => visitor?.device ?? ''],
  ['The visitors spoke different languages.', ({ visitor }) => visitor?.locale ?? ''],
  ['The scans visited different numbers of pages.', ({ pages }) => String(pages.length)],
];

const STATUSES = {
  success: null,
  partial: 'is incomplete',
  blocked: 'was turned away by the site',
  failed: 'did not reach the site',
} as const;

/** Why differences between these scans may come from the scans and not from the site, one sentence each. */
export function comparisonCaveats(
  before: readonly ClassifiedScan[],
  after: readonly ClassifiedScan[],
): string[] {
  return [
    ...statusCaveats('earlier', before),
    ...statusCaveats('later', after),
    ...CONDITIONS.filter(([, of]) => valuesOf(before, of) !== valuesOf(after, of)).map(([text]) => text),
  ];
}

function statusCaveats(which: string, scans: readonly ClassifiedScan[]): string[] {
  const ends = new Set(scans.map(({ observation }) => STATUSES[observation.status]));
  return [...ends]
    .filter((end) => end !== null)
    .map((end) => `The ${which} scan ${end}: cookies may be missing from it.`);
}

function valuesOf(scans: readonly ClassifiedScan[], of: (observation: SiteObservation) => string): string {
  return [...new Set(scans.map(({ observation }) => of(observation)))].toSorted().join('|');
}
