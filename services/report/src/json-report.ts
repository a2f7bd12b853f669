import {
  findingKey,
  setterChainText,
  summariseObservation,
  type CookieSummary,
  type ObservationSummary,
} from '@cookie-scanner/analysis';
import type { ReportInput } from './report-input.ts';

/** Raised when a reader of the file must change. */
const REPORT_VERSION = 1;

/**
 * Renders one report as JSON: `reportVersion`, the facts of the scan, how the site stands against the rules (`verdict`:
 * findings, what became of each rule, metrics), what each cookie is for, a summary, and the whole observation.
 *
 * Values are as they were stored; a reader that shows them must escape them for the place where it does.
 */
export function renderJsonReport({
  scan,
  observation,
  observationSha256,
  analysis,
  decisions,
}: ReportInput): string {
  const { findings, ...judgement } = analysis.judgement;
  return `${JSON.stringify(
    {
      reportVersion: REPORT_VERSION,
      // Where reports lie is the business of whoever serves them, and changes while this one is written.
      scan: { ...scan, reports: undefined },
      verdict: {
        knowledgeVersion: analysis.knowledgeVersion,
        findings: findings.map((finding) => {
          const { state, reason } = decisions.get(findingKey(finding)) ?? { state: 'open', reason: null };
          return { ...finding, state, stateReason: reason };
        }),
        ...judgement,
      },
      cookies: analysis.cookies.map(
        ({ cookie: { name, domain, path, partitionKey }, identity, classification }) => ({
          ...{ name, domain, path, partitionKey },
          identity: identity.key,
          classification,
        }),
      ),
      storage: analysis.storage.map(({ item: { kind, origin, key }, classification }) => ({
        ...{ kind, origin, key },
        classification,
      })),
      summary: withoutCopies(summariseObservation(observation)),
      observationSha256,
      observation,
    },
    null,
    2,
  )}\n`;
}

/** A summary that names cookies and storage entries instead of repeating them from the observation. */
function withoutCopies(summary: ObservationSummary) {
  return {
    ...summary,
    cookies: summary.cookies.map(named),
    transientCookies: summary.transientCookies.map(named),
    blockedCookies: summary.blockedCookies.map(({ blocked: { name, domain, url }, reasons }) => ({
      name,
      domain,
      url,
      reasons,
    })),
    storage: summary.storage.map(({ storage: { kind, origin, key }, party, chain }) => ({
      kind,
      origin,
      key,
      party,
      chain,
    })),
    pages: summary.pages.map(({ url, status, reason }) => ({ url, status, reason })),
  };
}

function named({ cookie: { name, domain, path, partitionKey }, lifetime, flags, chain }: CookieSummary) {
  return {
    ...{ name, domain, path, partitionKey, lifetime },
    flags: flags.map((flag) => flag.label),
    setBy: setterChainText(chain, name),
    chain,
  };
}
