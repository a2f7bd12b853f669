import type { ScanParams, SiteObservation } from '@cookie-scanner/contracts';
import { auditConsent } from './consent/audit-consent.ts';
import { inCleanProfile, type CleanProfile } from './clean-profile.ts';
import { startDeadline, type Deadline } from './deadline.ts';
import { openExploration, type Exploration, type NextPage } from './exploration/exploration.ts';
import { siteFiles } from './exploration/site-file.ts';
import { filesWanted } from './files/scan-files.ts';
import { mergeProfiles } from './merge-profiles.ts';
import { observeEndedProfile, observeProfile, type ProfileVisit } from './observe-profile.ts';
import type { PlannedScan } from './planned-scan.ts';
import type { ScanEnvironment } from './scan-environment.ts';
import { fileKey, type Insider } from './site-access/file-key.ts';
import { profileAccess } from './site-access/profile-access.ts';
import { secretScrubber } from './site-access/secret-scrubber.ts';
import { nothingGathered, visitSite, type VisitPlan } from './visit-site.ts';
import { planVisitor } from './visitor/visitor.ts';

/** Modes that look at more than what a page does by itself. */
const TYPING_MODES: ReadonlySet<ScanParams['mode']> = new Set(['standard', 'deep']);

/** Kept back from the deadline for leaving and collecting. */
const RESERVE_MS = 1_500;

/**
 * Scans one site and returns what was seen. Whatever the site does is an outcome in the observation.
 *
 * @throws the reason of `options.signal` when it fires
 * @throws when the browser itself fails
 */
export async function runScan(
  url: string,
  options: PlannedScan,
  environment: ScanEnvironment,
): Promise<SiteObservation> {
  const scrubber = secretScrubber(options.access ?? null);
  const deadline = startDeadline(Math.max(1_000, options.params.timeoutMs - RESERVE_MS));
  const hushed = {
    ...options,
    ...(scrubber ? { scrub: scrubber.text, secretHeaders: scrubber.headerNames } : {}),
  };
  const observe = options.params.mode === 'consent_audit' ? auditConsent : explore;
  const observation = await observe(url, hushed, environment, deadline);
  return scrubber ? scrubber.observation(observation) : observation;
}

/** Visits as many pages as the mode has, in one profile or in one for each. */
async function explore(
  url: string,
  options: PlannedScan,
  environment: ScanEnvironment,
  deadline: Deadline,
): Promise<SiteObservation> {
  const { params, signal, begunAtMs = performance.now() } = options;
  const visitor = planVisitor(params, environment);
  const wanted = filesWanted(params, options);
  let insider: Insider | null = null;
  const robotsFiles = siteFiles({
    key: options.access ? fileKey(options.access, url, () => insider) : null,
    egressPolicy: environment.egressPolicy,
    userAgent: visitor.shown.userAgent,
    ignoreCertificateErrors: environment.settings.ignoreCertificateErrors,
  });
  const exploration = openExploration({ startUrl: url, params, files: robotsFiles, deadline });
  const seen: SiteObservation[] = [];
  try {
    for (let first = await exploration.next(); first !== null && !(seen.length > 0 && deadline.passed);) {
      const page: NextPage = first;
      const access = profileAccess(options.access ?? null, url);
      const session = {
        ...{ begunAtMs, wanted, signal },
        collectors: access.collectors,
        skipsMediaBodies: params.skipMediaBodies,
      };
      let gathered = nothingGathered(null);
      const visitOf = (): ProfileVisit => ({
        ...{ requestedUrl: url, gathered, access, begunAtMs, deadline, exploration },
        start: seen[0] ?? null,
      });
      const visitProfile = async (profile: CleanProfile): Promise<NextPage | null> => {
        insider = access.insider(profile.session);
        const plan = planOf(options, environment, profile, exploration, deadline);
        const isInside = await access.enter(profile.session, { ...plan, startUrl: url });
        // What a closed site shows to strangers is not what was asked for.
        if (isInside) {
          gathered = nothingGathered(page);
          await visitSite(profile.session, gathered, plan);
        }
        plan.onStage('collecting');
        seen.push(await observeProfile(profile, visitOf(), environment));
        return gathered.next;
      };
      const salvage = async (profile: CleanProfile): Promise<null> => {
        seen.push(await observeEndedProfile(profile, visitOf(), environment));
        return null;
      };
      const rescue = options.mayEndForMemory ? salvage : null;
      first = await inCleanProfile(environment, visitor, session, visitProfile, rescue);
    }
    return mergeProfiles(seen);
  } finally {
    await robotsFiles.close();
  }
}

function planOf(
  { params, onProgress }: PlannedScan,
  { settings }: ScanEnvironment,
  { session, gateway }: CleanProfile,
  exploration: Exploration,
  deadline: Deadline,
): VisitPlan {
  return {
    exploration,
    isSinglePage: params.jar === 'isolated',
    pageLifeMs: settings.pageLifeMs,
    typesIntoForms: params.typeIntoForms && TYPING_MODES.has(params.mode),
    deadline,
    hosts: () => gateway.hosts(),
    bytesReceived: () => gateway.bytesReceived(),
    onShown: (url) => exploration.prepare(url),
    onStage: (stage) =>
      onProgress?.({
        stage,
        pagesDone: exploration.pagesDone(),
        pagesKnown: exploration.pagesKnown(),
        cookiesSeen: session.snapshots.at(-1)?.jar.length ?? 0,
        consentState: null,
      }),
  };
}
