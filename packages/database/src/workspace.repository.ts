import {
  ownWorkspaceSchema,
  type OwnWorkspace,
  type ScanWeight,
  type UserRole,
  type Workspace,
  type WorkspaceCreate,
  type WorkspaceUpdate,
} from '@cookie-scanner/contracts';
import { AppError } from '@cookie-scanner/errors';
import type { AuditActor } from './audit-actor.ts';
import { writeAudit } from './audit.repository.ts';
import { DEFAULT_WORKSPACE_ID } from './default-workspace.ts';
import type { Prisma, Workspace as WorkspaceRow } from './generated/client.ts';
import { once, type OnceRequest } from './once.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import type { Precondition } from './precondition.ts';
import { slugFor } from './slug.ts';

/** Workspaces. Every change is recorded in the audit log, in the transaction that makes it. */
export interface WorkspaceRepository {
  /** Makes a workspace whose first Admin is its maker; with `request`, one that they asked for before is given again. */
  create(
    workspace: WorkspaceCreate,
    makerId: string,
    by: AuditActor,
    request?: OnceRequest,
  ): Promise<OwnWorkspace>;
  /** Those somebody is a member of, the one joined first first. */
  listOf(userId: string): Promise<OwnWorkspace[]>;
  /** Null when unknown. */
  find(id: string): Promise<Workspace | null>;
  /** Null when unknown. */
  update(
    id: string,
    change: WorkspaceUpdate,
    by: AuditActor,
    precondition: Precondition<Workspace>,
  ): Promise<Workspace | null>;
  /**
   * Removes a workspace with everything in it. What was recorded about it stays in the audit log.
   *
   * @returns false when unknown
   * @throws AppError CONFLICT for the first workspace, which stays
   */
  remove(id: string, by: AuditActor, precondition: Precondition<Workspace>): Promise<boolean>;
  /** How many turns its scans get where others get one; null when unknown. */
  scanWeight(id: string): Promise<ScanWeight | null>;
  /** Null when unknown. What `precondition` throws comes out, and nothing is changed. */
  setScanWeight(
    id: string,
    weight: number,
    by: AuditActor,
    precondition: Precondition<ScanWeight>,
  ): Promise<ScanWeight | null>;
}

/** The workspaces kept in a database. */
export function workspaceRepository(database: Database): WorkspaceRepository {
  const access = databaseAccess(database);
  return {
    create: (workspace, makerId, by, request) => createWorkspace(access, workspace, makerId, by, request),
    listOf: async (userId) => {
      const rows = await access.query((prisma) =>
        prisma.workspaceMember.findMany({
          where: { userId },
          orderBy: [{ createdAt: 'asc' }, { workspaceId: 'asc' }],
          include: { workspace: true },
        }),
      );
      return rows.map(({ workspace, role }) => ({ ...fromRow(workspace), role }));
    },
    find: async (id) => {
      const row = await access.query((prisma) => prisma.workspace.findUnique({ where: { id } }));
      return row && fromRow(row);
    },
    update: (id, change, by, precondition) => updateWorkspace(access, id, change, by, precondition),
    remove: (id, by, precondition) => removeWorkspace(access, id, by, precondition),
    scanWeight: async (id) => {
      const row = await access.query((prisma) => prisma.workspace.findUnique({ where: { id } }));
      return row && weightFromRow(row);
    },
    setScanWeight: (id, weight, by, precondition) => setScanWeight(access, { id, weight }, by, precondition),
  };
}

async function createWorkspace(
  access: DatabaseAccess,
  { name, description }: WorkspaceCreate,
  makerId: string,
  by: AuditActor,
  request: OnceRequest | undefined,
): Promise<OwnWorkspace> {
  return access.transaction((tx) =>
    once(tx, { userId: makerId }, request, ownWorkspaceSchema, async () => {
      const role: UserRole = 'Admin';
      const row = await tx.workspace.create({
        data: {
          name,
          description,
          slug: slugFor(name, 'workspace'),
          createdBy: makerId,
          workspaceMembers: { create: { userId: makerId, role } },
        },
      });
      await audit(tx, 'workspace.create', by, row.id, { after: { name, description } });
      return { ...fromRow(row), role };
    }),
  );
}

async function updateWorkspace(
  access: DatabaseAccess,
  id: string,
  { name, description }: WorkspaceUpdate,
  by: AuditActor,
  precondition: Precondition<Workspace>,
): Promise<Workspace | null> {
  return access.transaction(async (tx) => {
    const before = await lockedWorkspace(tx, id);
    if (!before) return null;
    precondition(fromRow(before));
    const row = await tx.workspace.update({
      where: { id },
      data: {
        ...(name === undefined ? {} : { name }),
        ...(description === undefined ? {} : { description }),
      },
    });
    const said = (each: WorkspaceRow) => ({ name: each.name, description: each.description });
    await audit(tx, 'workspace.update', by, id, { before: said(before), after: said(row) });
    return fromRow(row);
  });
}

/** The workspace, which nobody else changes until the transaction ends. */
async function lockedWorkspace(tx: Prisma.TransactionClient, id: string): Promise<WorkspaceRow | null> {
  await tx.$executeRaw`SELECT FROM workspaces WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  return tx.workspace.findUnique({ where: { id } });
}

async function removeWorkspace(
  access: DatabaseAccess,
  id: string,
  by: AuditActor,
  precondition: Precondition<Workspace>,
): Promise<boolean> {
  if (id === DEFAULT_WORKSPACE_ID) throw new AppError('CONFLICT', 'The first workspace stays.');
  return access.transaction(async (tx) => {
    const before = await lockedWorkspace(tx, id);
    if (!before) return false;
    precondition(fromRow(before));
    await tx.workspace.delete({ where: { id } });
    await audit(tx, 'workspace.delete', by, id, { before: { name: before.name } });
    return true;
  });
}

function setScanWeight(
  access: DatabaseAccess,
  { id, weight }: { id: string; weight: number },
  by: AuditActor,
  precondition: Precondition<ScanWeight>,
): Promise<ScanWeight | null> {
  return access.transaction(async (tx) => {
    const before = await lockedWorkspace(tx, id);
    if (!before) return null;
    precondition(weightFromRow(before));
    const row = await tx.workspace.update({ where: { id }, data: { scanWeight: weight } });
    const change = { before: { scanWeight: before.scanWeight }, after: { scanWeight: weight } };
    await audit(tx, 'workspace.weigh_scans', by, id, change);
    return weightFromRow(row);
  });
}

function weightFromRow({ id, scanWeight }: WorkspaceRow): ScanWeight {
  return { workspaceId: id, weight: scanWeight };
}

async function audit(
  tx: Prisma.TransactionClient,
  action: string,
  by: AuditActor,
  id: string,
  change: { before?: Record<string, unknown>; after?: Record<string, unknown> },
): Promise<void> {
  await writeAudit(tx, { ...by, action, targetType: 'workspace', targetId: id, workspaceId: id, ...change });
}

function fromRow({ id, name, description, createdAt, updatedAt }: WorkspaceRow): Workspace {
  return {
    id,
    name,
    description,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
