import type { PageObservation, Quality, SiteObservation } from '@cookie-scanner/contracts';
import { counted, durationText } from './duration-text.ts';
import { blockedText, reasonText } from './outcome-text.ts';
import { skippedPagesNote } from './skipped-pages-note.ts';
import { refusalWarnings } from './refusal-warnings.ts';
import { truncationWarnings } from './truncation-warnings.ts';

/** Something a reader must know about what a scan could and could not see. */
export interface QualityWarning {
  /** Stable name for programs. */
  readonly code: string;
  /** `gap`: cookies may be missing from the result because of it. `note`: under which conditions it was made. */
  readonly level: 'gap' | 'note';
  /** One or two plain sentences. */
  readonly text: string;
  /** What it is about, such as addresses; may be empty. */
  readonly items: readonly string[];
}

/** What this scan could not see and under which conditions it looked; gaps first. */
export function qualityWarnings(observation: SiteObservation): QualityWarning[] {
  const warnings = [
    ...outcomeWarnings(observation),
    ...browserGaps(observation.quality, observation.durationMs),
    ...watchingGaps(observation.quality),
    ...truncationWarnings(observation.quality.truncated),
    ...attributionNotes(observation),
    ...refusalWarnings(observation.quality.refusedConnections),
    ...skippedPagesNote(observation.skippedPages),
    ...conditionNotes(observation),
    ...observation.quality.notes.map((text) => note('engine_note', text)),
  ];
  return [...warnings.filter(isGap), ...warnings.filter((warning) => !isGap(warning))];
}

/** True when cookies may be missing from the result because of this. */
export function isGap(warning: QualityWarning): boolean {
  return warning.level === 'gap';
}

function outcomeWarnings({ status, statusReason, pages, quality }: SiteObservation): QualityWarning[] {
  const warnings: QualityWarning[] = [];
  const because = reasonText(statusReason);
  const reason = because === null ? '' : ` because ${because}`;
  if (status === 'failed') {
    warnings.push(
      gap('site_not_visited', `The site could not be visited${reason}. Nothing is known about its cookies.`),
    );
  }
  if (status === 'blocked') {
    warnings.push(
      gap(
        'site_blocked_scan',
        `The site ${blockedText(statusReason)}${reason}. What visitors get is not known.`,
      ),
    );
  }
  if (quality.botWall !== null) {
    warnings.push(
      gap(
        'bot_wall',
        `The site seems to have shown the scan something else than its visitors: ${quality.botWall}`,
      ),
    );
  }
  // When the whole scan failed, its only page failed with it and was named above.
  const lostPages =
    status === 'failed' || status === 'blocked' ? [] : pages.filter((page) => page.status !== 'success');
  if (lostPages.length > 0) {
    const text = `${lostPages.length} of ${counted(pages.length, 'page')} could not be looked at completely.`;
    warnings.push(gap('pages_incomplete', text, lostPages.map(pageText)));
  }
  return warnings;
}

function browserGaps(quality: Quality, durationMs: number): QualityWarning[] {
  const warnings: QualityWarning[] = [];
  if (quality.thirdPartyCookies === 'blocked') {
    const text =
      'The browser blocked third-party cookies. Cookies that other sites would have set are missing here.';
    warnings.push(gap('third_party_cookies_blocked', text));
  }
  if (quality.thirdPartyCookies === 'untested') {
    const text = 'It was not tested whether the browser keeps third-party cookies. Some may be missing here.';
    warnings.push(gap('third_party_cookies_untested', text));
  }
  if (quality.timedOut) {
    const text = `The scan was ended by its deadline after ${durationText(durationMs / 1_000)}. What happened later was not seen.`;
    warnings.push(gap('timed_out', text));
  }
  return warnings;
}

function watchingGaps(quality: Quality): QualityWarning[] {
  const warnings: QualityWarning[] = [];
  if (quality.targetsNotAttached.length > 0) {
    const what = counted(
      quality.targetsNotAttached.length,
      'frame, worker or popup',
      'frames, workers or popups',
    );
    const text = `${what} ${quality.targetsNotAttached.length === 1 ? 'was' : 'were'} not watched from the start. Cookies set there may be missing.`;
    warnings.push(gap('targets_not_attached', text, quality.targetsNotAttached));
  }
  if (quality.clocksNotAdvanced.length > 0) {
    const what = counted(quality.clocksNotAdvanced.length, 'frame');
    const text = `The time of ${what} could not be advanced. Cookies set there with a delay may be missing.`;
    warnings.push(gap('clocks_not_advanced', text, quality.clocksNotAdvanced));
  }
  return warnings;
}

function attributionNotes({ cookies }: SiteObservation): QualityWarning[] {
  const warnings: QualityWarning[] = [];
  const unattributed = cookies.filter((cookie) => cookie.setBy.kind === 'unknown').length;
  if (unattributed > 0) {
    const text = `For ${unattributed} of ${counted(cookies.length, 'cookie')} nobody was seen setting them.`;
    warnings.push(note('setters_not_seen', text));
  }
  return warnings;
}

function conditionNotes({ cookies, status, quality, consent }: SiteObservation): QualityWarning[] {
  const warnings: QualityWarning[] = [];
  const wasSeen = status === 'success' || status === 'partial';
  if (wasSeen && quality.pageLifeMs === 0) {
    const text = 'The page was given no time after loading. Cookies that are set with a delay are missing.';
    warnings.push(gap('no_page_life', text));
  }
  if (wasSeen && quality.pageLifeMs > 0) {
    const text = `Each page was given ${durationText(quality.pageLifeMs / 1_000)} of its own time after loading. Cookies set later are not here; nor are those of scripts that wait for something to show which the page hides again after a moment.`;
    warnings.push(note('page_life', text));
  }
  const isUntouched = consent.runs.every(({ choiceAtMs }) => choiceAtMs === null);
  if (
    wasSeen &&
    isUntouched &&
    cookies.every((cookie) => cookie.consentStates.every((state) => state === 'untouched'))
  ) {
    const text = 'Nobody answered a consent banner. This is what a visitor gets who has not chosen anything.';
    warnings.push(note('consent_untouched', text));
  }
  if (quality.browserIdentity === 'declared') {
    const text = 'The browser named itself as automated. Sites may show such visitors something else.';
    warnings.push(note('identity_declared', text));
  }
  if (!quality.sandboxed) {
    warnings.push(
      note(
        'no_sandbox',
        'The browser ran without its sandbox. This is a matter of the scanner’s safety, not of the site.',
      ),
    );
  }
  if (wasSeen && !quality.inNetworkNamespace) {
    const text =
      'The browser ran in the network of the scanner’s machine, closed off by its own settings alone. This is a matter of the scanner’s safety, not of the site.';
    warnings.push(note('in_machine_network', text));
  }
  return warnings;
}

function pageText({ url, statusReason, httpStatus }: PageObservation): string {
  const because =
    reasonText(statusReason) ??
    (httpStatus === null ? null : `the server answered with status ${httpStatus}`);
  return because === null ? url : `${url} (${because})`;
}

function gap(code: string, text: string, items: readonly string[] = []): QualityWarning {
  return { code, level: 'gap', text, items };
}

function note(code: string, text: string, items: readonly string[] = []): QualityWarning {
  return { code, level: 'note', text, items };
}
