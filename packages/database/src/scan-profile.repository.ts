import {
  scanProfileSchema,
  type ScanProfile,
  type ScanProfileCreate,
  type ScanProfileUpdate,
} from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { AuditActor } from './audit-actor.ts';
import { writeAudit } from './audit.repository.ts';
import type { Prisma } from './generated/client.ts';
import { keyBefore, keysetPage, pageSize, type KeysetPage, type PageRequest } from './keyset.ts';
import { once, type OnceRequest } from './once.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import type { Precondition } from './precondition.ts';
import {
  allVersionsOf,
  firstVersions,
  lockProfile,
  newestOf,
  profileFromRows,
  type ProfileRow,
} from './scan-profile-rows.ts';
import { slugFor } from './slug.ts';

/** A profile to make, and whose it is. */
export interface NewScanProfile extends ScanProfileCreate {
  workspaceId: string;
  createdBy: string;
  /** For a client that may ask again. */
  once?: OnceRequest;
}

/**
 * Named sets of scan parameters: those of a workspace, and those that come with the platform. A profile keeps its id
 * over all its versions. Every change is recorded in the audit log, in the transaction that makes it.
 */
export interface ScanProfileRepository {
  /** @throws AppError CONFLICT when the workspace has one of this name */
  create(profile: NewScanProfile, by: AuditActor): Promise<ScanProfile>;
  /** The newest version; null when there is none, or no more. */
  find(id: string): Promise<ScanProfile | null>;
  /** In the order of their ids, those of the platform among them. */
  list(page: PageRequest): Promise<KeysetPage<ScanProfile>>;
  /**
   * Other parameters make a new version.
   *
   * @returns null when there is none
   * @throws AppError CONFLICT for one that comes with the platform, or a name that is taken
   */
  update(
    id: string,
    change: ScanProfileUpdate,
    by: AuditActor,
    precondition: Precondition<ScanProfile>,
  ): Promise<ScanProfile | null>;
  /**
   * Takes it out of use. Scans that it was used for keep their parameters.
   *
   * @returns false when there is none
   * @throws AppError CONFLICT for one that comes with the platform, or that a site or a schedule uses
   */
  remove(id: string, by: AuditActor, precondition: Precondition<ScanProfile>): Promise<boolean>;
}

/** The profiles kept in a database. */
export function scanProfileRepository(database: Database): ScanProfileRepository {
  const access = databaseAccess(database);
  return {
    create: (profile, by) => createProfile(access, profile, by),
    find: (id) => access.query((prisma) => findProfile(prisma, access, id)),
    list: (page) => listProfiles(access, page),
    update: (id, change, by, precondition) => updateProfile(access, id, change, by, precondition),
    remove: (id, by, precondition) => removeProfile(access, id, by, precondition),
  };
}

async function createProfile(
  access: DatabaseAccess,
  { once: request, ...profile }: NewScanProfile,
  by: AuditActor,
): Promise<ScanProfile> {
  return access.transaction((tx) =>
    once(tx, profile.workspaceId, request, scanProfileSchema, async () => {
      const slug = slugFor(profile.name, 'profile');
      const row = await tx.scanProfile.create({ data: { ...profile, slug } });
      const shown = profileFromRows(row, row);
      await audit(tx, 'profile.create', by, shown, { after: shown });
      return shown;
    }),
  );
}

async function findProfile(
  tx: Prisma.TransactionClient,
  access: DatabaseAccess,
  id: string,
): Promise<ScanProfile | null> {
  const first = await tx.scanProfile.findFirst({ where: { ...firstVersions(access), id } });
  return first && profileFromRows(first, await newestOf(tx, first));
}

async function listProfiles(access: DatabaseAccess, request: PageRequest): Promise<KeysetPage<ScanProfile>> {
  const after = keyBefore(request, ['uuid']);
  const size = pageSize(request);
  return access.query(async (prisma) => {
    const firsts = await prisma.scanProfile.findMany({
      where: { ...firstVersions(access), ...(after ? { id: { gt: after[0] } } : {}) },
      orderBy: { id: 'asc' },
      take: size + 1,
    });
    const newest = await prisma.scanProfile.findMany({
      where: { OR: firsts.map(allVersionsOf) },
      orderBy: { version: 'desc' },
      distinct: ['workspaceId', 'slug'],
    });
    const bySlug = new Map(newest.map((row) => [`${row.workspaceId} ${row.slug}`, row]));
    return keysetPage(
      firsts,
      size,
      ({ id }) => [id],
      (first) => profileFromRows(first, bySlug.get(`${first.workspaceId} ${first.slug}`) ?? first),
    );
  });
}

async function updateProfile(
  access: DatabaseAccess,
  id: string,
  { params, ...said }: ScanProfileUpdate,
  by: AuditActor,
  precondition: Precondition<ScanProfile>,
): Promise<ScanProfile | null> {
  return access.transaction(async (tx) => {
    const locked = await lockedProfile(tx, access, id);
    if (!locked) return null;
    const { first, newest, shown: before } = locked;
    precondition(before);
    const words = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
    await tx.scanProfile.updateMany({ where: allVersionsOf(first), data: words });
    if (params !== undefined) {
      const { workspaceId, slug, name, description, createdBy } = newest;
      const version = newest.version + 1;
      await tx.scanProfile.create({
        data: { workspaceId, slug, name, description, createdBy, ...words, version, params },
      });
    }
    const after = await findProfile(tx, access, id);
    if (!after) return null;
    await audit(tx, 'profile.update', by, after, { before, after });
    return after;
  });
}

async function removeProfile(
  access: DatabaseAccess,
  id: string,
  by: AuditActor,
  precondition: Precondition<ScanProfile>,
): Promise<boolean> {
  return access.transaction(async (tx) => {
    const locked = await lockedProfile(tx, access, id);
    if (!locked) return false;
    precondition(locked.shown);
    const versions = await tx.scanProfile.findMany({
      where: allVersionsOf(locked.first),
      select: { id: true },
    });
    const ids = versions.map((version) => version.id);
    const sites = await tx.domainConfig.count({ where: { defaultProfileId: { in: ids } } });
    const schedules = await tx.schedule.count({ where: { profileId: { in: ids } } });
    if (sites + schedules > 0) {
      const users = `${sites} sites and ${schedules} schedules`;
      throw new AppError('CONFLICT', `This profile is used by ${users}; give them another one first.`);
    }
    await tx.scanProfile.updateMany({ where: allVersionsOf(locked.first), data: { retiredAt: new Date() } });
    await audit(tx, 'profile.delete', by, locked.shown, { before: locked.shown });
    return true;
  });
}

/** The profile, which nobody else changes until the transaction ends; null when there is none. */
async function lockedProfile(
  tx: Prisma.TransactionClient,
  access: DatabaseAccess,
  id: string,
): Promise<{ first: ProfileRow; newest: ProfileRow; shown: ScanProfile } | null> {
  await lockProfile(tx, id);
  const first = await tx.scanProfile.findFirst({ where: { ...firstVersions(access), id } });
  if (!first) return null;
  if (first.workspaceId === null) {
    throw new AppError('CONFLICT', 'This profile comes with the platform and stays; make one of your own.');
  }
  const newest = await newestOf(tx, first);
  return { first, newest, shown: profileFromRows(first, newest) };
}

async function audit(
  tx: Prisma.TransactionClient,
  action: string,
  by: AuditActor,
  { id, workspaceId }: ScanProfile,
  change: { before?: ScanProfile; after?: ScanProfile },
): Promise<void> {
  const place = workspaceId === null ? {} : { workspaceId };
  await writeAudit(tx, { ...by, action, targetType: 'profile', targetId: id, ...place, ...change });
}
