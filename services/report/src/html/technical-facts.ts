import { durationText } from '@cookie-scanner/analysis';
import type { ReportInput } from '../report-input.ts';
import { utcText } from './page-text.ts';

/** One line of the appendix. */
export interface TechnicalFact {
  readonly label: string;
  readonly text: string;
}

const THIRD_PARTY_COOKIES = {
  allowed: 'kept by the browser (tested)',
  blocked: 'blocked by the browser (tested)',
  untested: 'not tested',
} as const;

const NETWORKS = {
  own: 'one of its own, whose only way out was the egress gateway',
  machine: 'that of the scanner’s machine, closed off by the browser’s own settings alone',
} as const;

/** How the scan was made, for whoever wants to make it again or to check it. */
export function technicalFacts({ scan, observation, observationSha256 }: ReportInput): TechnicalFact[] {
  const { engine, quality, requests } = observation;
  return [
    { label: 'Scan', text: scan.id },
    { label: 'Asked for', text: scan.requestedUrl },
    { label: 'Finally shown', text: observation.finalUrl ?? 'nothing' },
    {
      label: 'Outcome',
      text: [observation.status, observation.statusReason].filter((part) => part !== null).join(': '),
    },
    { label: 'Mode', text: scan.params.mode },
    { label: 'Deadline', text: durationText(scan.params.timeoutMs / 1_000) },
    { label: 'Queued', text: utcText(scan.queuedAt) },
    { label: 'Started', text: observation.startedAt },
    { label: 'Took', text: `${(observation.durationMs / 1_000).toFixed(2)} s` },
    { label: 'Attempt', text: String(scan.attempt) },
    { label: 'Engine', text: engine.version },
    { label: 'Browser', text: engine.browser },
    { label: 'Browser identity', text: quality.browserIdentity },
    { label: 'Browser sandbox', text: quality.sandboxed ? 'on' : 'off' },
    { label: 'Browser network', text: NETWORKS[quality.inNetworkNamespace ? 'own' : 'machine'] },
    { label: 'Third-party cookies', text: THIRD_PARTY_COOKIES[quality.thirdPartyCookies] },
    { label: 'Time given to pages', text: durationText(quality.pageLifeMs / 1_000) },
    { label: 'Cookies without a known setter', text: `${(quality.unattributedShare * 100).toFixed(1)} %` },
    { label: 'Requests', text: `${requests.total}, ${requests.thirdParty} of them to other sites` },
    { label: 'Observation format', text: `version ${observation.version}` },
    { label: 'Observation SHA-256', text: observationSha256 },
  ];
}
