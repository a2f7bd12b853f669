import type { PageFacts, TlsObservation } from '@cookie-scanner/contracts';
import type { CDPSession, Protocol } from '../browser/cdp.ts';
import { TIMED_OUT, within } from '../deadline.ts';
import { evaluateApart } from './evaluate-apart.ts';

/** A page that does not say is left alone. */
const LIMIT_MS = 1_000;
const TEXT_MAX = 500;
const HEADER_TEXT_MAX = 4_000;

/** Response headers of a document that say how it wants to be treated, or what served it. */
const TELLING_HEADERS: ReadonlySet<string> = new Set([
  'content-security-policy',
  'content-security-policy-report-only',
  'content-type',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'feature-policy',
  'nel',
  'permissions-policy',
  'referrer-policy',
  'report-to',
  'reporting-endpoints',
  'server',
  'strict-transport-security',
  'x-content-type-options',
  'x-frame-options',
  'x-powered-by',
  'x-robots-tag',
]);

/** Elements can take the place of what a document has, but not of what its prototype has. */
const QUESTION = `(() => {
  const { querySelector, getElementsByTagName } = Document.prototype;
  const text = (value) => (typeof value === 'string' && value !== '' ? value.slice(0, ${TEXT_MAX}) : null);
  return {
    language: text(querySelector.call(document, 'html')?.getAttribute('lang')),
    generator: text(querySelector.call(document, 'meta[name="generator" i]')?.getAttribute('content')),
    scripts: getElementsByTagName.call(document, 'script').length,
  };
})()`;

/** What a document says of itself. */
type SelfDescription = Pick<PageFacts, 'language' | 'generator' | 'scripts'>;

/** Asks the document of a frame, in a world of our own; it says nothing where it does not answer. */
export async function readSelfDescription(session: CDPSession, frameId: string): Promise<SelfDescription> {
  const answer = await within(askApart(session, frameId), LIMIT_MS);
  const value = answer === TIMED_OUT ? null : answer;
  return {
    language: typeof value?.language === 'string' ? value.language : null,
    generator: typeof value?.generator === 'string' ? value.generator : null,
    scripts: typeof value?.scripts === 'number' ? value.scripts : 0,
  };
}

/** The headers of a response that reports are interested in, by lower-case name. */
export function tellingHeaders(response: Protocol.Network.Response | null): Record<string, string> {
  return Object.fromEntries(
    Object.entries(response?.headers ?? {})
      .map(([name, value]): [string, string] => [name.toLowerCase(), value.slice(0, HEADER_TEXT_MAX)])
      .filter(([name]) => TELLING_HEADERS.has(name)),
  );
}

/** How a response was secured; null when it was not. */
export function tlsObservation(response: Protocol.Network.Response | null): TlsObservation | null {
  const details = response?.securityDetails;
  if (!details) return null;
  return {
    protocol: details.protocol,
    cipher: details.cipher,
    issuer: details.issuer,
    subjectName: details.subjectName,
    subjectNames: details.sanList,
    validFrom: isoTime(details.validFrom),
    validTo: isoTime(details.validTo),
  };
}

async function askApart(
  session: CDPSession,
  frameId: string,
): Promise<Partial<Record<keyof SelfDescription, unknown>> | null> {
  const options = { returnByValue: true, timeout: LIMIT_MS };
  const value = await evaluateApart(session, frameId, QUESTION, options).catch(() => null);
  return typeof value === 'object' ? value : null;
}

/** A certificate can be made out until any year; ours ends where dates do. */
function isoTime(unixSeconds: number): string {
  return new Date(Math.min(Math.max(unixSeconds * 1000, 0), Date.UTC(9999, 11, 31))).toISOString();
}
