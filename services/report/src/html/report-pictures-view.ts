import type { ConsentRun } from '@cookie-scanner/contracts';
import type { ReportInput } from '../report-input.ts';
import { STATE_NAMES } from './state-names.ts';

/** Pictures of the site with what they show. */
export function picturesView({ pictures, observation }: ReportInput) {
  return pictures.map(({ name, pageUrl, bytes }) => ({
    source: `data:image/png;base64,${bytes.toString('base64')}`,
    caption: captionOf(name, observation.consent.runs) ?? 'As the visitor saw it',
    page: pageUrl,
  }));
}

function captionOf(name: string, runs: readonly ConsentRun[]): string | null {
  for (const { state, actions, withdrawal } of runs) {
    for (const { screenshotBefore, screenshotAfter, text } of [...actions, ...(withdrawal?.actions ?? [])]) {
      const what = text === null ? 'the banner' : `“${text}”`;
      if (name === screenshotBefore) return `${STATE_NAMES[state].title}: before pressing ${what}`;
      if (name === screenshotAfter) return `${STATE_NAMES[state].title}: after pressing ${what}`;
    }
  }
  return null;
}
