import type { BannerObservation, ConsentRun, ConsentState } from '@cookie-scanner/contracts';
import type { JudgedSite } from './judged-site.ts';
import { notChecked, type NotChecked } from './rule.ts';

export const NEEDS_AUDIT = 'Only a consent audit looks at this.';

/** The run of a state in which the visitor made the choice; otherwise why there is none. */
export function runWithChoice(
  site: JudgedSite,
  state: Extract<ConsentState, 'accept' | 'reject' | 'gpc_reject'>,
): ConsentRun | NotChecked {
  if (!site.isConsentAudit) return notChecked(NEEDS_AUDIT);
  const run = site.runOf(state);
  if (!run) return notChecked('The visit in this consent state did not succeed.');
  const verb = state === 'accept' ? 'accept' : 'refuse';
  switch (run.outcome) {
    case 'taken':
    case 'untaken':
      return run;
    case 'no_banner':
      return notChecked(`There was no banner to ${verb} with.`);
    case 'not_operable':
      return notChecked('The banner could be seen, but not pressed by a program.');
    case 'not_offered':
      return notChecked(`The banner offers no way to ${verb}.`);
    case 'not_asked':
      return notChecked('No choice was made in this visit.');
  }
}

/** The first banner that was found, the one of an untouched visitor before all others; null when there was none. */
export function bannerOf({ runOf }: JudgedSite): BannerObservation | null {
  const runs = (['untouched', 'reject', 'accept'] as const).map(runOf);
  return runs.find((run) => run?.banner.found)?.banner ?? null;
}

/** Pictures of a run, as evidence: before and after what was pressed. */
export function screenshotsOf(run: ConsentRun): string[] {
  const names = run.actions.flatMap(({ screenshotBefore, screenshotAfter }) => [
    screenshotBefore,
    screenshotAfter,
  ]);
  return [...new Set(names.filter((name) => name !== null))];
}
