import { scanParamsSchema, type CreateScanBody, type ScanParams } from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { DomainConfigRepository, ScanProfileRepository, SiteDefaults } from '@cookie-scanner/database';

/** Parameters that somebody asked for, by name or one by one. */
export type AskedParams = Omit<CreateScanBody, 'url' | 'access'>;

/** With what a site is scanned. */
interface ScanPlan {
  readonly params: ScanParams;
  /** Profile that they came from; null for none. */
  readonly profileId: string | null;
}

/** What decides the parameters of scans in one workspace. */
interface PlanDeps {
  readonly profiles: Pick<ScanProfileRepository, 'find'>;
  readonly domains: Pick<DomainConfigRepository, 'defaultsOf'>;
}

/**
 * Decides with what these hosts are scanned: what was asked for counts before the profile that was named. Where neither
 * is said, the profile that the workspace chose for the site counts, else the platform's defaults.
 *
 * @returns a plan for each host; null for a site that takes no new scans
 * @throws AppError INPUT_INVALID when there is no such profile
 */
export async function planScans(
  { profiles, domains }: PlanDeps,
  hosts: readonly string[],
  { profileId, ...asked }: AskedParams,
): Promise<(host: string) => ScanPlan | null> {
  const sites = await domains.defaultsOf(hosts);
  const isNothingAsked = Object.values(asked).every((value) => value === undefined);
  const named = profileId === undefined ? null : await namedProfile(profiles, profileId);
  const common: ScanPlan = {
    params: scanParamsSchema.parse({ ...named?.params, ...asked }),
    profileId: named?.id ?? null,
  };
  return (host) => {
    const site = sites.get(host);
    if (site?.state === 'archived') return null;
    return isNothingAsked && named === null ? (planOfSite(site) ?? common) : common;
  };
}

function planOfSite(site: SiteDefaults | undefined): ScanPlan | null {
  const profile = site?.profile ?? null;
  return profile && { params: profile.params, profileId: profile.id };
}

async function namedProfile(profiles: PlanDeps['profiles'], profileId: string) {
  const profile = await profiles.find(profileId);
  if (profile) return profile;
  const errors = [{ pointer: '#/profileId', detail: 'is no profile of this workspace' }];
  throw new AppError('INPUT_INVALID', 'There is no profile with this id.', { errors });
}
