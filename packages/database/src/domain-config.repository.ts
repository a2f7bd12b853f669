import {
  domainConfigSchema,
  isOnSite,
  type DomainConfig,
  type DomainConfigCreate,
  type DomainConfigUpdate,
  type DomainState,
} from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { AuditActor } from './audit-actor.ts';
import { writeAudit } from './audit.repository.ts';
import type { Prisma } from './generated/client.ts';
import { boundTo } from './in-workspace.ts';
import { keyBefore, keysetPage, pageSize, type KeysetPage, type PageRequest } from './keyset.ts';
import { once, type OnceRequest } from './once.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import type { Precondition } from './precondition.ts';
import { firstVersions } from './scan-profile-rows.ts';
import { siteDefaults, type SiteDefaults } from './site-defaults.ts';

/** A site to watch, and whose it is. */
export interface NewDomainConfig extends DomainConfigCreate {
  workspaceId: string;
  createdBy: string;
  /** For a client that may ask again. */
  once?: OnceRequest;
}

/** Which watched sites. What is left out does not matter. */
interface DomainConfigFilter {
  state?: DomainState | undefined;
  /** A site must have all of them. */
  labels?: readonly string[] | undefined;
}

/** Sites that a workspace watches. Every change is recorded in the audit log, in the transaction that makes it. */
export interface DomainConfigRepository {
  /**
   * @throws AppError CONFLICT when the workspace watches it already
   * @throws AppError INPUT_INVALID when there is no such profile
   */
  create(site: NewDomainConfig, by: AuditActor): Promise<DomainConfig>;
  /** Null when there is none. */
  find(id: string): Promise<DomainConfig | null>;
  /** In the order of their names. */
  list(page: DomainConfigFilter & PageRequest): Promise<KeysetPage<DomainConfig>>;
  /**
   * @returns null when there is none
   * @throws AppError INPUT_INVALID for a start URL on another site, or a profile that there is not
   */
  update(
    id: string,
    change: DomainConfigUpdate,
    by: AuditActor,
    precondition: Precondition<DomainConfig>,
  ): Promise<DomainConfig | null>;
  /** Watches it no more; its scans stay. False when there is none. */
  remove(id: string, by: AuditActor, precondition: Precondition<DomainConfig>): Promise<boolean>;
  /** What is decided about those of these hosts that the workspace watches, by host. */
  defaultsOf(hosts: readonly string[]): Promise<ReadonlyMap<string, SiteDefaults>>;
}

/** The watched sites kept in a database. */
export function domainConfigRepository(database: Database): DomainConfigRepository {
  const access = databaseAccess(database);
  return {
    create: ({ once: request, ...site }, by) =>
      access.transaction((tx) =>
        once(tx, site.workspaceId, request, domainConfigSchema, async () => {
          await requireProfile(tx, access, site.defaultProfileId);
          const after = fromRow(await tx.domainConfig.create({ data: site }));
          await audit(tx, 'domain.create', by, after, { after });
          return after;
        }),
      ),
    find: async (id) => {
      const row = await access.query((prisma) =>
        prisma.domainConfig.findFirst({ where: { id, ...boundTo(access) } }),
      );
      return row && fromRow(row);
    },
    list: (page) => listSites(access, page),
    update: (id, change, by, precondition) => updateSite(access, id, change, by, precondition),
    remove: (id, by, precondition) =>
      access.transaction(async (tx) => {
        const before = await lockedSite(tx, access, id);
        if (!before) return false;
        precondition(before);
        await tx.domainConfig.delete({ where: { id } });
        await audit(tx, 'domain.delete', by, before, { before });
        return true;
      }),
    defaultsOf: (hosts) => siteDefaults(access, hosts),
  };
}

async function listSites(
  access: DatabaseAccess,
  { state, labels, ...request }: DomainConfigFilter & PageRequest,
): Promise<KeysetPage<DomainConfig>> {
  const after = keyBefore(request, ['domain']);
  const size = pageSize(request);
  const rows = await access.query((prisma) =>
    prisma.domainConfig.findMany({
      where: {
        ...boundTo(access),
        ...(state === undefined ? {} : { state }),
        ...(labels === undefined ? {} : { labels: { hasEvery: [...labels] } }),
        ...(after ? { domain: { gt: after[0] } } : {}),
      },
      orderBy: { domain: 'asc' },
      take: size + 1,
    }),
  );
  return keysetPage(rows, size, ({ domain }) => [domain], fromRow);
}

async function updateSite(
  access: DatabaseAccess,
  id: string,
  change: DomainConfigUpdate,
  by: AuditActor,
  precondition: Precondition<DomainConfig>,
): Promise<DomainConfig | null> {
  return access.transaction(async (tx) => {
    const before = await lockedSite(tx, access, id);
    if (!before) return null;
    precondition(before);
    requireOnSite(before.domain, change.startUrls ?? []);
    await requireProfile(tx, access, change.defaultProfileId ?? null);
    const data = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const after = fromRow(await tx.domainConfig.update({ where: { id }, data }));
    await audit(tx, 'domain.update', by, after, { before, after });
    return after;
  });
}

/** The site, which nobody else changes until the transaction ends; null when there is none. */
async function lockedSite(
  tx: Prisma.TransactionClient,
  access: DatabaseAccess,
  id: string,
): Promise<DomainConfig | null> {
  await tx.$executeRaw`SELECT FROM domain_configs WHERE id = ${id}::uuid FOR UPDATE`;
  const row = await tx.domainConfig.findFirst({ where: { id, ...boundTo(access) } });
  return row && fromRow(row);
}

function requireOnSite(domain: string, startUrls: readonly string[]): void {
  const errors = startUrls.flatMap((url, index) =>
    isOnSite(url, domain) ? [] : [{ pointer: `#/startUrls/${index}`, detail: `is not on ${domain}` }],
  );
  if (errors.length > 0)
    throw new AppError('INPUT_INVALID', 'Start URLs lie on the site itself.', { errors });
}

async function requireProfile(
  tx: Prisma.TransactionClient,
  access: DatabaseAccess,
  id: string | null,
): Promise<void> {
  if (id === null) return;
  const found = await tx.scanProfile.findFirst({ where: { ...firstVersions(access), id } });
  if (found) return;
  const errors = [{ pointer: '#/defaultProfileId', detail: 'is no profile of this workspace' }];
  throw new AppError('INPUT_INVALID', 'There is no profile with this id.', { errors });
}

async function audit(
  tx: Prisma.TransactionClient,
  action: string,
  by: AuditActor,
  { id, workspaceId }: DomainConfig,
  change: { before?: DomainConfig; after?: DomainConfig },
): Promise<void> {
  await writeAudit(tx, { ...by, action, targetType: 'domain', targetId: id, workspaceId, ...change });
}

/** A watched site as the API shows it. */
function fromRow(row: Prisma.DomainConfigGetPayload<object>): DomainConfig {
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    domain: row.domain,
    startUrls: row.startUrls,
    defaultProfileId: row.defaultProfileId,
    labels: row.labels,
    notes: row.notes,
    state: row.state,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
