import type { SiteObservation } from '@cookie-scanner/contracts';
import { isAnswering } from './browser/browser-failure.ts';
import type { CleanProfile } from './clean-profile.ts';
import { within, type Deadline } from './deadline.ts';
import type { EgressGateway } from './egress/egress-gateway.ts';
import { withFiles } from './files/scan-files.ts';
import { readFinalJar, type FinalJar } from './final-jar.ts';
import { assembleObservation } from './observation.ts';
import type { ScanEnvironment } from './scan-environment.ts';
import type { Gathered } from './visit-site.ts';

/** Name servers that have not answered by then are slower than the whole life of the page was. */
const ALIASES_LIMIT_MS = 300;

/** What was visited, and when that began. */
interface ProfileVisit {
  readonly requestedUrl: string;
  readonly gathered: Gathered;
  /** On the clock of `performance.now()`. */
  readonly begunAtMs: number;
  readonly deadline: Deadline;
}

/**
 * Puts together what was seen in one clean profile, once its last page was left.
 *
 * @throws when the browser does not answer any more
 */
export async function observeProfile(
  { session, gateway }: CleanProfile,
  { requestedUrl, gathered, begunAtMs, deadline }: ProfileVisit,
  { settings, browser, thirdPartyCookies }: ScanEnvironment,
): Promise<SiteObservation> {
  const timedOut = deadline.passed;
  const finalJar = await readFinalJar(session, timedOut);
  await within(gateway.untilAliasesKnown(), ALIASES_LIMIT_MS);
  if (!finalJar.isCurrent && !(await isAnswering(browser))) throw new Error('the browser does not answer');
  const main = gathered.outcomes[0] ?? { status: 'failed', reason: 'timeout' };
  const observation = assembleObservation({
    requestedUrl,
    startedAtMs: Math.round(Date.now() - (performance.now() - begunAtMs)),
    durationMs: Math.round(performance.now() - begunAtMs),
    browserVersion: browser.version,
    session,
    visits: gathered.visits,
    finalJar: finalJar.cookies,
    storage: gathered.storage,
    hosts: gateway.hosts(),
    finalUrl: gathered.wasShown ? (gathered.visits[0]?.page.url ?? null) : null,
    status: timedOut && main.status === 'success' ? 'partial' : main.status,
    statusReason: timedOut && main.status === 'success' ? 'timeout' : main.reason,
    quality: {
      thirdPartyCookies,
      timedOut,
      botWall: gathered.botWall,
      pageLifeMs: gathered.pageLifeMs,
      clocksNotAdvanced: gathered.clocksNotAdvanced,
      browserIdentity: settings.identity,
      sandboxed: browser.sandboxed,
      inNetworkNamespace: browser.inNetworkNamespace,
      notes: [...notesOn(gateway, finalJar), ...session.visitorNotes()],
    },
  });
  return await withFiles(observation, session, { visits: gathered.visits, hosts: gateway.hosts() }, deadline);
}

function notesOn(gateway: EgressGateway, { wasRead }: FinalJar): string[] {
  return [
    ...(gateway.limitReached() ? ['The site used more network than a scan may; the rest was cut off.'] : []),
    ...(wasRead
      ? []
      : ['The browser did not tell which cookies it holds, so the list of cookies is not complete.']),
  ];
}
