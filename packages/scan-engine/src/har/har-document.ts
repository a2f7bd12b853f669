import type { PageObservation, SiteObservation } from '@cookie-scanner/contracts';
import { initiatorChains } from '../attribution/initiator-chain.ts';
import type { FramesCollector } from '../collectors/frames.collector.ts';
import type { RequestsCollector } from '../collectors/requests.collector.ts';
import type { ScriptNamesCollector } from '../collectors/script-names.collector.ts';
import type { HostRecord } from '../egress/host-log.ts';
import { sentCookies, setCookies } from './har-cookies.ts';
import { harEntry } from './har-entry.ts';
import type { HarDocument, HarPage } from './har-format.ts';
import type { HarCollector, PageMoment } from './har.collector.ts';
import { harRedaction, type HarRedaction } from './har-redaction.ts';

/** What a session knows of the requests that were recorded. */
export interface HarEvidence {
  readonly requests: RequestsCollector;
  readonly frames: FramesCollector;
  readonly scriptNames: ScriptNamesCollector;
}

/** What a HAR says of the scan that it is of. */
export interface HarFacts {
  readonly evidence: HarEvidence;
  readonly observation: SiteObservation;
  /** Pages in the order they were visited, each with the beginning of its visit on the scan's clock. */
  readonly visits: readonly Visit[];
  readonly hosts: readonly HostRecord[];
}

interface Visit {
  readonly fromMs: number;
  readonly page: PageObservation;
}

interface HarSources extends HarFacts {
  readonly har: HarCollector;
  /** Takes secrets out of a text. */
  readonly scrub: (text: string) => string;
  /** Headers in small letters that whoever asked for the scan had sent. */
  readonly secretHeaders: ReadonlySet<string>;
  /** What stands for the value of a cookie; null keeps it. */
  readonly redactCookieValue: ((value: string) => string) | null;
}

/** Outcomes of connections that say that the gateway did not allow them. */
const REFUSALS: ReadonlySet<HostRecord['outcome']> = new Set([
  'address_not_allowed',
  'port_not_allowed',
  'host_not_allowed',
  'limit_reached',
]);

/** Writes everything that was requested in a session as an HTTP Archive 1.2, without bodies. */
export function buildHar(sources: HarSources): HarDocument {
  const { har, evidence, observation, visits, hosts, scrub, secretHeaders, redactCookieValue } = sources;
  const cookieValues = redactCookieValue ? knownCookieValues(har, observation) : [];
  const redaction = harRedaction({ scrub, redactCookieValue, secretHeaders, cookieValues });
  const startedAtMs = Date.parse(observation.startedAt);
  const chains = initiatorChains(evidence.requests, evidence.frames, evidence.scriptNames);
  const hostByName = new Map(hosts.map((host) => [`${host.host}:${host.port}`, host]));
  const [browserName = '', browserVersion = ''] = observation.engine.browser.split('/');

  return {
    log: {
      version: '1.2',
      creator: { name: 'cookie-scanner', version: observation.engine.version },
      browser: { name: browserName, version: browserVersion },
      pages: visits.map((visit, index) => pageOf(visit, index, sources, redaction)),
      entries: har.exchanges().map((exchange) => {
        const host = hostByName.get(hostKey(exchange.url));
        const request = evidence.requests.find(exchange.requestId);
        const page = visits.findLastIndex(({ fromMs }) => fromMs <= exchange.atMs);
        return harEntry(exchange, {
          startedAtMs,
          redaction,
          raw: har.rawOf(exchange),
          pageref: page === -1 ? null : pageId(page),
          initiators: request ? chains.ofRequest(request, exchange.hopIndex) : [],
          serverAddress: host?.address ?? null,
          refusal: host && REFUSALS.has(host.outcome) && !exchange.answer ? host.outcome : null,
        });
      }),
      comment:
        'Times are those of the scan, not of the page, whose clock the scan drives. Bodies are not kept.',
    },
  };
}

function pageOf(
  { page, fromMs }: Visit,
  index: number,
  { har, visits, observation }: HarSources,
  redaction: HarRedaction,
): HarPage {
  const untilMs = visits[index + 1]?.fromMs ?? Infinity;
  const momentOf = (event: PageMoment['event']): number => {
    const moment = har
      .moments()
      .find((one) => one.event === event && one.atMs >= fromMs && one.atMs < untilMs);
    return moment ? Math.round(moment.atMs - fromMs) : -1;
  };
  return {
    startedDateTime: new Date(Date.parse(observation.startedAt) + fromMs).toISOString(),
    id: pageId(index),
    title: redaction.text(page.title ?? page.url),
    pageTimings: { onContentLoad: momentOf('domContentLoaded'), onLoad: momentOf('load') },
    _url: redaction.text(page.url),
  };
}

function pageId(index: number): string {
  return `page_${index + 1}`;
}

/** Values of every cookie that was seen, wherever it was seen. */
function knownCookieValues(har: HarCollector, { cookies, transientCookies }: SiteObservation): Set<string> {
  const values = new Set([...cookies, ...transientCookies].flatMap(({ value }) => value ?? []));
  for (const exchange of har.exchanges()) {
    const { sent, received } = har.rawOf(exchange);
    const lines = Object.entries(received?.headers ?? {})
      .filter(([name]) => name.toLowerCase() === 'set-cookie')
      .flatMap(([, value]) => value.split('\n'));
    for (const { value } of [...sentCookies(sent, null), ...setCookies(lines, null, exchange.url, 0)])
      values.add(value);
  }
  return values;
}

function hostKey(url: string): string {
  if (!URL.canParse(url)) return '';
  const { hostname, port, protocol } = new URL(url);
  const isSecure = protocol === 'https:' || protocol === 'wss:';
  return `${hostname.replace(/^\[|\]$/g, '')}:${port === '' ? (isSecure ? 443 : 80) : port}`;
}
