import type { ScanProfile } from '@cookie-scanner/contracts';
import type { Prisma } from './generated/client.ts';
import type { DatabaseAccess } from './open-database.ts';
import { paramsFromRow } from './scan-rows.ts';

/** One version of a profile. */
export type ProfileRow = Prisma.ScanProfileGetPayload<object>;

/** The first versions of the profiles in use that may be seen: their ids stand for all versions. */
export function firstVersions({ workspaceId }: Pick<DatabaseAccess, 'workspaceId'>) {
  return {
    version: 1,
    retiredAt: null,
    ...(workspaceId === null ? {} : { OR: [{ workspaceId }, { workspaceId: null }] }),
  };
}

/** All versions of the profile that this row is one of. */
export function allVersionsOf({ workspaceId, slug }: Pick<ProfileRow, 'workspaceId' | 'slug'>) {
  return { workspaceId, slug };
}

/** The newest version of the profile that this row is one of. */
export async function newestOf(tx: Prisma.TransactionClient, row: ProfileRow): Promise<ProfileRow> {
  const newest = await tx.scanProfile.findFirst({
    where: allVersionsOf(row),
    orderBy: { version: 'desc' },
  });
  return newest ?? row;
}

/** Changes of one profile take turns; one of the platform is not locked, because nobody changes it. */
export async function lockProfile(tx: Prisma.TransactionClient, id: string): Promise<void> {
  await tx.$executeRaw`SELECT FROM scan_profiles WHERE id = ${id}::uuid FOR UPDATE`;
}

/** A profile as the API shows it: who it is from the first version, what it says from the newest. */
export function profileFromRows(first: ProfileRow, newest: ProfileRow): ScanProfile {
  return {
    id: first.id,
    workspaceId: first.workspaceId,
    name: first.name,
    description: first.description,
    builtIn: first.workspaceId === null,
    version: newest.version,
    params: paramsFromRow(newest.params),
    createdAt: first.createdAt.toISOString(),
    updatedAt: (first.updatedAt > newest.updatedAt ? first : newest).updatedAt.toISOString(),
  };
}
