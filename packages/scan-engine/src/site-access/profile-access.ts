import type { SiteAccess, SiteObservation } from '@cookie-scanner/contracts';
import { readCookieJar } from '../collectors/cookie-jar.ts';
import type { Collector } from '../collectors/collector.ts';
import type { PageOutcome } from '../outcome.ts';
import type { ScanSession } from '../scan-session.ts';
import { withAccess } from './access-observation.ts';
import { enterSite, type EntryPlan, type SiteEntry } from './enter-site.ts';
import type { Insider } from './file-key.ts';
import { hostAccessCollector } from './host-access.collector.ts';

/** How one clean profile gets into the site of its scan; each profile needs one of its own. */
export interface ProfileAccess {
  /** To be in place before anything is opened. */
  readonly collectors: readonly Collector[];
  /** Does what must be done before the first visit. @returns false when the site stayed closed */
  enter(session: ScanSession, plan: EntryPlan): Promise<boolean>;
  /** The visitor of this profile, for whoever shares the way into the site. */
  insider(session: ScanSession): Insider;
  /**
   * How the visit ended, given how its first page did: a site that was not entered has a reason of its own.
   *
   * @param first - null when no page was visited
   */
  outcome(first: PageOutcome | null): PageOutcome;
  /** The observation with what it must say of how the site was entered. */
  observed(observation: SiteObservation): SiteObservation;
}

const NOT_VISITED: PageOutcome = { status: 'failed', reason: 'timeout' };

/** For a site that is open to everybody. */
const NO_ACCESS_NEEDED: ProfileAccess = {
  collectors: [],
  enter: () => Promise.resolve(true),
  insider: ({ context }) => insiderOf(context, () => false),
  outcome: (first) => first ?? NOT_VISITED,
  observed: (observation) => observation,
};

/** Prepares the way into the site at `startUrl`; null for one that is open to everybody. */
export function profileAccess(access: SiteAccess | null, startUrl: string): ProfileAccess {
  if (access === null) return NO_ACCESS_NEEDED;
  const host = hostAccessCollector(access, startUrl);
  let entry: SiteEntry = { brought: [], login: null };
  return {
    collectors: [host],
    async enter(session, plan) {
      entry = await enterSite(session, access, plan);
      return entry.login?.status !== 'failed';
    },
    insider: ({ context }) => insiderOf(context, () => host.authentication() === 'rejected'),
    outcome(first) {
      if (entry.login?.status === 'failed') return { status: 'failed', reason: 'login_failed' };
      const isRejected = first?.reason === 'authentication_required' && host.authentication() === 'rejected';
      return isRejected ? { status: 'blocked', reason: 'credentials_rejected' } : (first ?? NOT_VISITED);
    },
    observed: (observation) =>
      withAccess(observation, {
        ...{ access, entry, httpAuthentication: host.authentication() },
        notes: host.notes(),
      }),
  };
}

function insiderOf({ root, id }: ScanSession['context'], isRejected: () => boolean): Insider {
  return { readJar: async () => await readCookieJar(root, id), isRejected };
}
