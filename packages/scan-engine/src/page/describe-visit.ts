import type { PageObservation } from '@cookie-scanner/contracts';
import type { CDPSession } from '../browser/cdp.ts';
import { TIMED_OUT, within } from '../deadline.ts';
import type { HostRecord } from '../egress/host-log.ts';
import { botWallSign, pageOutcome, type PageOutcome } from '../outcome.ts';
import type { ScanSession } from '../scan-session.ts';
import { readSelfDescription, tellingHeaders, tlsObservation } from './page-facts.ts';
import type { Navigation, PageDriver } from './page-visit.ts';

const TITLE_LIMIT_MS = 1_000;

/** What one visit came to. */
export interface VisitDescription {
  readonly page: PageObservation;
  readonly outcome: PageOutcome;
  /** Sign that the page was made for robots; null when there is none. */
  readonly botWall: string | null;
}

/**
 * Tells which document a visit ended on, by which way, and how that went; call it before the page is left.
 *
 * @param heldBackFrom - address off the site that the page would have gone to; null when it stayed by itself
 */
export async function describeVisit(
  requestedUrl: string,
  navigation: Navigation,
  page: PageDriver,
  session: ScanSession,
  hosts: readonly HostRecord[],
  heldBackFrom: string | null,
): Promise<VisitDescription> {
  const documents = session.requests
    .all()
    .filter(({ type, frameId }) => type === 'Document' && frameId === page.mainFrameId);
  const last = documents.at(-1);
  const lastHop = last?.hops.at(-1);
  const failed = navigation.errorText !== null || navigation.timedOut;
  const url = failed ? requestedUrl : (page.currentUrl() ?? requestedUrl);
  const candidates = documents.filter(({ hops }) => hops.at(-1)?.url === withoutFragment(url));
  // The last request of a page that reloads itself has no answer yet.
  const shown = candidates.findLast(({ hops }) => hops.at(-1)?.status != null) ?? candidates.at(-1) ?? last;
  const httpStatus = shown?.hops.at(-1)?.status ?? rawStatus(shown);
  const [title, self] = failed
    ? [null, null]
    : await Promise.all([
        readTitle(session.context.root, page.target.id),
        readSelfDescription(page.target.session, page.mainFrameId),
      ]);
  const response = shown?.documentResponse ?? null;
  const outcome = pageOutcome({
    // What came slowly, but came while the page lived, is no matter of the page's outcome.
    navigation: {
      ...navigation,
      crashed: page.hasCrashed(),
      loaded: navigation.loaded || page.hasLoaded(),
    },
    endedForMemory: page.wasEndedForMemory(),
    httpStatus,
    title,
    host: hostRecord(hosts, failed ? (lastHop?.url ?? url) : url),
    wasRedirected: (last?.hops.length ?? 1) > 1,
    wasHeldBack: heldBackFrom !== null,
  });
  const redirects = documents
    .filter(({ hops }) => hops[0] !== undefined)
    .flatMap(({ hops }) => hops.map((hop) => hop.url))
    .slice(documentsBefore(documents, requestedUrl))
    // A page that stayed was not led to from where it would have gone.
    .filter((hop) => hop !== url && hop !== withoutFragment(url) && (failed || hop !== heldBackFrom));
  return {
    page: {
      url,
      httpStatus,
      status: outcome.status,
      statusReason: outcome.reason,
      title,
      redirects: [...new Set(redirects)],
      tls: failed ? null : tlsObservation(response),
      facts: self && {
        ...self,
        headers: tellingHeaders(response),
        frames: session.frames.countBelow(page.mainFrameId),
        mixedContent: session.mixedContent.ofPage(url),
      },
    },
    outcome,
    botWall: botWallSign(httpStatus, title),
  };
}

/** Index of the first hop that belongs to the visit of `requestedUrl`. */
function documentsBefore(
  documents: readonly { hops: readonly { url: string }[] }[],
  requestedUrl: string,
): number {
  const urls = documents.flatMap(({ hops }) => hops.map(({ url }) => url));
  return Math.max(0, urls.lastIndexOf(withoutFragment(requestedUrl)));
}

/** Status of an answer that never became a document, such as 204 or a download. */
function rawStatus(
  request: { rawResponses: ReadonlyMap<string, readonly { status: number }[]> } | undefined,
): number | null {
  return [...(request?.rawResponses.values() ?? [])].flat().at(-1)?.status ?? null;
}

function hostRecord(hosts: readonly HostRecord[], url: string): HostRecord | null {
  if (!URL.canParse(url)) return null;
  const { hostname } = new URL(url);
  const bare = hostname.replace(/^\[|\]$/g, '');
  return hosts.findLast(({ host }) => host === bare || host === hostname) ?? null;
}

async function readTitle(root: CDPSession, targetId: string): Promise<string | null> {
  const info = root.send('Target.getTargetInfo', { targetId }).catch(() => null);
  const answer = await within(info, TITLE_LIMIT_MS);
  return answer === TIMED_OUT || answer === null ? null : answer.targetInfo.title;
}

function withoutFragment(url: string): string {
  return url.split('#')[0] ?? url;
}
