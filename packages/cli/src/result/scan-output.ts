import {
  scanHeadline,
  summariseObservation,
  visibleText,
  type ObservationSummary,
} from '@cookie-scanner/analysis';
import type {
  BaselineJudgement,
  Cookie,
  ScanFindings,
  ScanResult,
  SiteObservation,
} from '@cookie-scanner/contracts';
import { cookieTable, type ShownCookie } from './cookie-table.ts';
import { findingsText, scoreText } from './findings-text.ts';
import type { SavedFile } from './save-files.ts';
import type { SavedReport } from './save-reports.ts';

/** Everything the command learnt about a finished scan. */
export interface FinishedScan {
  readonly scan: ScanResult;
  readonly cookies: readonly Cookie[];
  /** Null when the scan ended before a browser looked. */
  readonly observation: SiteObservation | null;
  /** How it stands against the rules; without metrics when it was not analysed. */
  readonly verdict: ScanFindings;
  readonly reports: readonly SavedReport[];
  /** Screenshots and the record of requests, where they were asked for. */
  readonly files: readonly SavedFile[];
}

/** The result for programs: one JSON document. packages/cli/README.md describes it. */
export function scanJson(
  { scan, cookies, observation, verdict, reports, files }: FinishedScan,
  baseline: BaselineJudgement | null,
): string {
  const { items: findings, metrics } = verdict;
  const quality = observation?.quality ?? null;
  const document = { scan, findings, metrics, cookies, quality, baseline, reports, files };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The result for people: the findings, the score, the table of cookies, one sentence, what the scan could not see, and where the reports are. */
export function scanText(finished: FinishedScan, widthMax: number): string {
  const summary = finished.observation ? summariseObservation(finished.observation) : null;
  const findings = findingsText(finished.verdict.items, widthMax);
  const score = scoreText(finished.verdict);
  const sections = [
    ...(findings === '' ? [] : [findings]),
    ...(score === null ? [] : [`${score}\n`]),
    ...(summary && summary.cookies.length > 0
      ? [cookieTable(shownCookies(summary, finished.cookies), widthMax)]
      : []),
    visibleText(headline(finished)),
    ...(summary && summary.blockedCookies.length > 0
      ? [`The browser refused ${summary.blockedCookies.length} more; the report names them.`]
      : []),
    ...(summary?.qualityWarnings ?? [])
      .filter(({ level }) => level === 'gap')
      .map(({ text }) => `Note: ${visibleText(text)}`),
    ...browserText(finished),
    ...finished.reports.map(({ format, path }) => `Report (${format.toUpperCase()}): ${path}`),
    ...unmadeReports(finished),
    ...finished.files.map(({ kind, path }) => `${kind === 'har' ? 'HAR' : 'Screenshot'}: ${path}`),
  ];
  return `${sections.join('\n')}\n`;
}

/** How the browser was kept from everything else; nothing where there was none. */
function browserText({ observation }: FinishedScan): string[] {
  if (!observation) return [];
  const { sandboxed, inNetworkNamespace } = observation.quality;
  const network = inNetworkNamespace ? 'a network of its own' : 'the network of this machine';
  return [`The browser ran ${sandboxed ? 'in its sandbox' : 'without its sandbox'}, in ${network}.`];
}

/** One honest sentence about how the scan went. */
export function headline({ scan, observation }: FinishedScan): string {
  if (observation) return summariseObservation(observation).headline;
  return scanHeadline({ ...scan, cookies: null, hasGaps: null });
}

/** Cookies in the order of the summary, each with what the platform says that it is for. */
function shownCookies(summary: ObservationSummary, cookies: readonly Cookie[]): ShownCookie[] {
  const classifications = new Map(cookies.map((cookie) => [keyOf(cookie), cookie.classification]));
  return summary.cookies.map((one) => ({
    ...one,
    classification: classifications.get(keyOf(one.cookie)) ?? null,
  }));
}

/** What tells cookies of one jar apart. */
function keyOf({
  name,
  domain,
  path,
  partitionKey,
}: Pick<Cookie, 'name' | 'domain' | 'path' | 'partitionKey'>): string {
  return JSON.stringify([name, domain, path, partitionKey]);
}

function unmadeReports({ scan }: FinishedScan): string[] {
  return scan.reports
    .filter(({ state }) => state === 'failed')
    .map(
      ({ format }) =>
        `The ${format.toUpperCase()} report could not be made; .cookie-scanner/logs/report.log says why.`,
    );
}
