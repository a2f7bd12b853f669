import type { Outcome } from '@cookie-scanner/contracts';
import type { HostRecord } from './egress/host-log.ts';
import type { Navigation } from './page/page-visit.ts';

/** What became of one page. */
export interface PageOutcome {
  readonly status: Outcome;
  /** Machine-readable reason; null for a success. */
  readonly reason: string | null;
}

interface OutcomeEvidence {
  readonly navigation: Navigation;
  /** True when a process of the page was ended because its browser held too much memory. */
  readonly endedForMemory: boolean;
  readonly httpStatus: number | null;
  readonly title: string | null;
  /** What the egress gateway says about the host that answered last, or did not. */
  readonly host: HostRecord | null;
  /** True when the address that failed was reached by redirect. */
  readonly wasRedirected: boolean;
  /** True when the page wanted to leave the site that the scan keeps to. */
  readonly wasHeldBack: boolean;
}

/** What was seen before is kept. */
export const MEMORY_LIMIT_REACHED: PageOutcome = { status: 'partial', reason: 'resource_limit' };

/** Titles that walls against robots show instead of the page. */
const BOT_WALL_TITLES =
  /just a moment|attention required|access denied|are you (a )?(human|robot)|verify(ing)? (that )?you are|security check|pardon our interruption|captcha/i;
const WALL_STATUSES: ReadonlySet<number> = new Set([403, 429, 503]);

const REASON_BY_EGRESS: Partial<Record<HostRecord['outcome'], PageOutcome>> = {
  not_found: { status: 'failed', reason: 'dns_not_found' },
  dns_error: { status: 'failed', reason: 'dns_error' },
  connect_failed: { status: 'failed', reason: 'connection_failed' },
  connect_timeout: { status: 'failed', reason: 'connection_timeout' },
  limit_reached: { status: 'partial', reason: 'size_limit' },
};

const REFUSED_BY_EGRESS: ReadonlySet<HostRecord['outcome']> = new Set([
  'address_not_allowed',
  'port_not_allowed',
  'host_not_allowed',
]);

/** Judges how a visit ended from what the browser, the server and the gateway said. */
export function pageOutcome(evidence: OutcomeEvidence): PageOutcome {
  const { navigation, httpStatus, title } = evidence;
  if (evidence.endedForMemory) return MEMORY_LIMIT_REACHED;
  if (navigation.crashed) return { status: 'partial', reason: 'page_crashed' };
  if (navigation.timedOut) return { status: 'failed', reason: 'timeout' };
  if (navigation.errorText !== null) return failedNavigation(evidence, navigation.errorText);
  if (httpStatus === 401 || httpStatus === 407)
    return { status: 'blocked', reason: 'authentication_required' };
  if (httpStatus !== null && WALL_STATUSES.has(httpStatus)) {
    if (BOT_WALL_TITLES.test(title ?? '')) return { status: 'blocked', reason: 'bot_wall' };
    if (httpStatus === 403) return { status: 'blocked', reason: 'forbidden' };
    if (httpStatus === 429) return { status: 'blocked', reason: 'rate_limited' };
  }
  if (httpStatus !== null && httpStatus >= 400) return { status: 'failed', reason: `http_${httpStatus}` };
  if (!navigation.loaded) return { status: 'partial', reason: 'load_timeout' };
  return { status: 'success', reason: null };
}

/** Sign that the page was made for robots; null when there is none. */
export function botWallSign(httpStatus: number | null, title: string | null): string | null {
  if (httpStatus === null || !WALL_STATUSES.has(httpStatus) || !BOT_WALL_TITLES.test(title ?? ''))
    return null;
  return `status ${httpStatus} with the title "${title ?? ''}"`;
}

function failedNavigation(
  { host, wasRedirected, wasHeldBack, httpStatus }: OutcomeEvidence,
  errorText: string,
): PageOutcome {
  if (wasHeldBack && errorText.includes('ERR_ABORTED'))
    return { status: 'blocked', reason: 'leads_off_site' };
  if (host && REFUSED_BY_EGRESS.has(host.outcome)) {
    return { status: 'blocked', reason: wasRedirected ? 'blocked_redirect' : host.outcome };
  }
  const byEgress = host ? REASON_BY_EGRESS[host.outcome] : undefined;
  if (byEgress) return byEgress;
  if (/ERR_CERT|ERR_SSL|ERR_BAD_SSL/.test(errorText))
    return { status: 'failed', reason: 'certificate_error' };
  if (errorText.includes('ERR_TOO_MANY_REDIRECTS')) return { status: 'failed', reason: 'too_many_redirects' };
  if (errorText.includes('ERR_UNSAFE_PORT')) return { status: 'blocked', reason: 'port_not_allowed' };
  if (errorText.includes('ERR_UNSAFE_REDIRECT')) return { status: 'blocked', reason: 'blocked_redirect' };
  if (errorText.includes('ERR_INVALID_AUTH') || httpStatus === 401)
    return { status: 'blocked', reason: 'authentication_required' };
  if (errorText.includes('ERR_ABORTED'))
    return { status: 'failed', reason: httpStatus === 204 || httpStatus === 205 ? 'no_content' : 'download' };
  if (errorText.includes('ERR_TIMED_OUT')) return { status: 'failed', reason: 'timeout' };
  if (
    /ERR_EMPTY_RESPONSE|ERR_CONNECTION|ERR_SOCK|ERR_HTTP2|ERR_INVALID_HTTP|ERR_RESPONSE_HEADERS/.test(
      errorText,
    )
  ) {
    return { status: 'failed', reason: 'connection_failed' };
  }
  return { status: 'failed', reason: errorText.replace(/^net::/, '').toLowerCase() };
}
