import type { SiteObservation } from '@cookie-scanner/contracts';
import { boundObservation } from './bounds/bound-observation.ts';
import { isAnswering } from './browser/browser-failure.ts';
import type { CleanProfile } from './clean-profile.ts';
import { within, type Deadline } from './deadline.ts';
import type { EgressGateway } from './egress/egress-gateway.ts';
import type { Exploration } from './exploration/exploration.ts';
import { withFiles } from './files/scan-files.ts';
import { readFinalJar, type FinalJar } from './final-jar.ts';
import { assembleObservation } from './observation.ts';
import { MEMORY_LIMIT_REACHED } from './outcome.ts';
import type { ScanEnvironment } from './scan-environment.ts';
import type { ProfileAccess } from './site-access/profile-access.ts';
import type { Gathered } from './visit-site.ts';

/** Name servers that have not answered by then are slower than the whole life of the page was. */
const ALIASES_LIMIT_MS = 300;

/** What was visited, and when that began. */
export interface ProfileVisit {
  readonly requestedUrl: string;
  readonly gathered: Gathered;
  /** How the profile got into the site. */
  readonly access: ProfileAccess;
  /** On the clock of `performance.now()`. */
  readonly begunAtMs: number;
  readonly deadline: Deadline;
  readonly exploration: Pick<Exploration, 'skippedPages' | 'notes'>;
  /** What was seen in the profile that visited the start page; null when it is this one. */
  readonly start: Pick<SiteObservation, 'finalUrl' | 'pages'> | null;
  /** The jar to describe; the one that is there now when left out. */
  readonly jar?: FinalJar;
}

/**
 * Puts together what was seen in one clean profile, once its last page was left.
 *
 * @throws when the browser does not answer any more
 */
export async function observeProfile(
  { session, gateway }: CleanProfile,
  { requestedUrl, gathered, access, begunAtMs, deadline, exploration, start, jar }: ProfileVisit,
  { settings, browser, thirdPartyCookies }: ScanEnvironment,
): Promise<SiteObservation> {
  const timedOut = deadline.passed;
  const finalJar = jar ?? (await readFinalJar(session, timedOut));
  await within(gateway.untilAliasesKnown(), ALIASES_LIMIT_MS);
  if (!finalJar.isCurrent && !(await isAnswering(browser))) throw new Error('the browser does not answer');
  const main = access.outcome(gathered.outcomes[0] ?? null);
  const landing = start ?? landingOf(gathered);
  const assembled = assembleObservation({
    requestedUrl,
    startedAtMs: Math.round(Date.now() - (performance.now() - begunAtMs)),
    durationMs: Math.round(performance.now() - begunAtMs),
    browserVersion: browser.version,
    session,
    visits: gathered.visits,
    skippedPages: exploration.skippedPages(),
    finalJar: finalJar.cookies,
    storage: gathered.storage,
    hosts: gateway.hosts(),
    finalUrl: landing.finalUrl,
    redirects: landing.pages[0]?.redirects ?? [],
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
      notes: [...notesOn(gateway, finalJar), ...session.notes(), ...exploration.notes()],
    },
  });
  const observation = boundObservation(access.observed(assembled));
  return await withFiles(observation, session, { visits: gathered.visits, hosts: gateway.hosts() }, deadline);
}

/** The same for a profile whose browser was ended because it held too much memory: what was seen until then. */
export async function observeEndedProfile(
  profile: CleanProfile,
  visit: ProfileVisit,
  environment: ScanEnvironment,
): Promise<SiteObservation> {
  const { gathered } = visit;
  // The page that was being visited is the one it happened on.
  const isFirst = gathered.visits.length === 0 && visit.start === null;
  const outcomes = isFirst ? [MEMORY_LIMIT_REACHED] : gathered.outcomes;
  const lastJar = profile.session.snapshots.at(-1)?.jar;
  const observation = await observeProfile(
    profile,
    {
      ...visit,
      gathered: { ...gathered, outcomes },
      // There is no browser any more that could have a later one.
      jar: { cookies: lastJar ?? [], wasRead: lastJar !== undefined, isCurrent: true },
    },
    environment,
  );
  const note = 'The browser held more memory than it may and was ended; this is what had been seen by then.';
  return {
    ...observation,
    // What was set after the last reading of the jar only seems to have been refused.
    blockedCookies: [],
    ...(observation.status === 'success' ? { status: 'partial', statusReason: 'resource_limit' } : {}),
    quality: { ...observation.quality, notes: [...observation.quality.notes, note] },
  };
}

/** Where the first page ended, in the words of an observation. */
function landingOf({ visits, wasShown }: Gathered): Pick<SiteObservation, 'finalUrl' | 'pages'> {
  const pages = visits.map(({ page }) => page);
  return { finalUrl: wasShown ? (pages[0]?.url ?? null) : null, pages };
}

function notesOn(gateway: EgressGateway, { wasRead, isCurrent }: FinalJar): string[] {
  return [
    ...(gateway.limitReached() ? ['The site used more network than a scan may; the rest was cut off.'] : []),
    ...(wasRead && isCurrent
      ? []
      : [
          'The browser did not tell at the end which cookies it holds, so the list of cookies is not complete.',
        ]),
  ];
}
