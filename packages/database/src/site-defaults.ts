import type { DomainState, ScanProfile } from '@cookie-scanner/contracts';
import { Prisma } from './generated/client.ts';
import type { DatabaseAccess } from './open-database.ts';
import { paramsFromRow } from './scan-rows.ts';

/** What a workspace decided about a site that it watches. */
export interface SiteDefaults {
  state: DomainState;
  /** Null for the platform's default. */
  profile: Pick<ScanProfile, 'id' | 'params'> | null;
}

interface DefaultsRow {
  domain: string;
  state: DomainState;
  profile_id: string | null;
  params: unknown;
}

/** What a workspace decided about those of these hosts that it watches, in one round trip. */
export async function siteDefaults(
  access: DatabaseAccess,
  hosts: readonly string[],
): Promise<ReadonlyMap<string, SiteDefaults>> {
  const bound =
    access.workspaceId === null
      ? Prisma.empty
      : Prisma.sql`AND site.workspace_id = ${access.workspaceId}::uuid`;
  const rows = await access.select<DefaultsRow>(Prisma.sql`
      SELECT site.domain, site.state::text AS state, profile.id AS profile_id, newest.params
        FROM domain_configs AS site
        LEFT JOIN scan_profiles AS profile ON profile.id = site.default_profile_id
        LEFT JOIN LATERAL (
          SELECT params FROM scan_profiles AS version
           WHERE version.slug = profile.slug AND version.workspace_id IS NOT DISTINCT FROM profile.workspace_id
           ORDER BY version.version DESC LIMIT 1) AS newest ON true
       WHERE site.domain = ANY (${[...hosts]}) ${bound}`);
  return new Map(
    rows.map(({ domain, state, profile_id: id, params }) => [
      domain,
      { state, profile: id === null ? null : { id, params: paramsFromRow(params) } },
    ]),
  );
}
