import {
  apiKeySchema,
  apiKeyScopeSchema,
  type ApiKey,
  type ApiKeyCreate,
  type ApiKeyUpdate,
} from '@cookie-scanner/contracts';
import type { AuditActor } from './audit-actor.ts';
import { auditAndTell } from './account-notice.ts';
import { writeAudit, type AuditEntry } from './audit.repository.ts';
import type { Prisma } from './generated/client.ts';
import { keyBefore, keysetPage, pageSize, type KeysetPage, type PageRequest } from './keyset.ts';
import { once, type OnceRequest } from './once.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import type { Precondition } from './precondition.ts';

/** A key to make. Its text is told to its maker alone. */
export interface NewApiKey extends ApiKeyCreate {
  id: string;
  workspaceId: string;
  userId: string;
  prefix: string;
  keyHash: string;
}

/** Which key: those of a workspace, or of one person in it. */
export interface ApiKeyPlace {
  workspaceId: string;
  /** Null for the keys of everybody. */
  userId: string | null;
}

/** Keys for programs. Every change is recorded in the audit log, in the transaction that makes it. */
export interface ApiKeyRepository {
  /** With `request`, one that was asked for before is given again, and not made. */
  create(key: NewApiKey, by: AuditActor, request?: OnceRequest): Promise<ApiKey>;
  /** Null when there is none in this place. */
  find(id: string, place: ApiKeyPlace): Promise<ApiKey | null>;
  /** The keys of a place, also those that work no more, in the order of their ids. */
  list(keys: ApiKeyPlace & PageRequest): Promise<KeysetPage<ApiKey>>;
  /** Null when there is none in this place. */
  update(
    id: string,
    place: ApiKeyPlace,
    change: ApiKeyUpdate,
    by: AuditActor,
    precondition: Precondition<ApiKey>,
  ): Promise<ApiKey | null>;
  /** Ends a key; null when there is none in this place. Ending it again changes nothing. */
  revoke(
    id: string,
    place: ApiKeyPlace,
    by: AuditActor,
    precondition: Precondition<ApiKey>,
  ): Promise<ApiKey | null>;
}

/** The keys kept in a database. */
export function apiKeyRepository(database: Database): ApiKeyRepository {
  const access = databaseAccess(database);
  const find = async (id: string, place: ApiKeyPlace): Promise<ApiKey | null> => {
    const row = await access.query((prisma) => prisma.apiKey.findFirst({ where: { id, ...whereOf(place) } }));
    return row && fromRow(row);
  };
  return {
    create: (key, by, request) => createKey(access, key, by, request),
    find,
    list: (keys) => listKeys(access, keys),
    update: (id, place, change, by, precondition) =>
      changeKey(access, id, place, 'api_key.update', by, (row) => {
        precondition(fromRow(row));
        return definedOnly(change);
      }),
    revoke: async (id, place, by, precondition) => {
      const revokedBy = by.actorKind === 'user' ? (by.actorId ?? null) : null;
      return changeKey(access, id, place, 'api_key.revoke', by, (row) => {
        precondition(fromRow(row));
        return row.revokedAt ? null : { revokedAt: new Date(), revokedBy };
      });
    },
  };
}

type ApiKeyRow = Prisma.ApiKeyGetPayload<object>;

async function createKey(
  access: DatabaseAccess,
  { expiresAt, ...key }: NewApiKey,
  by: AuditActor,
  request: OnceRequest | undefined,
): Promise<ApiKey> {
  return access.transaction((tx) =>
    once(tx, key.workspaceId, request, apiKeySchema, async () => {
      const row = await tx.apiKey.create({
        data: { ...key, expiresAt: expiresAt === null ? null : new Date(expiresAt) },
      });
      await audit(tx, 'api_key.create', by, null, row);
      return fromRow(row);
    }),
  );
}

async function listKeys(
  access: DatabaseAccess,
  request: ApiKeyPlace & PageRequest,
): Promise<KeysetPage<ApiKey>> {
  const after = keyBefore(request, ['uuid']);
  const size = pageSize(request);
  const rows = await access.query((prisma) =>
    prisma.apiKey.findMany({
      where: { ...whereOf(request), ...(after ? { id: { gt: after[0] } } : {}) },
      orderBy: { id: 'asc' },
      take: size + 1,
    }),
  );
  return keysetPage(rows, size, ({ id }) => [id], fromRow);
}

/** @param changeOf - what is to change of the row, null for nothing; what it throws comes out, and nothing is changed */
async function changeKey(
  access: DatabaseAccess,
  id: string,
  place: ApiKeyPlace,
  action: string,
  by: AuditActor,
  changeOf: (row: ApiKeyRow) => Prisma.ApiKeyUncheckedUpdateInput | null,
): Promise<ApiKey | null> {
  return access.transaction(async (tx) => {
    await tx.$executeRaw`SELECT FROM api_keys WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
    const before = await tx.apiKey.findFirst({ where: { id, ...whereOf(place) } });
    if (!before) return null;
    const data = changeOf(before);
    if (data === null) return fromRow(before);
    const after = await tx.apiKey.update({ where: { id }, data });
    await audit(tx, action, by, before, after);
    return fromRow(after);
  });
}

async function audit(
  tx: Prisma.TransactionClient,
  action: string,
  by: AuditActor,
  before: ApiKeyRow | null,
  after: ApiKeyRow,
): Promise<void> {
  const entry: AuditEntry = {
    ...by,
    action,
    targetType: 'api_key',
    targetId: after.id,
    workspaceId: after.workspaceId,
    ...(before ? { before: fromRow(before) } : {}),
    after: fromRow(after),
  };
  // A new key acts in the name of its maker for long; what becomes of it later takes nothing from them.
  if (before) await writeAudit(tx, entry);
  else await auditAndTell(tx, after.userId, entry);
}

function whereOf({ workspaceId, userId }: ApiKeyPlace): Prisma.ApiKeyWhereInput {
  return { workspaceId, ...(userId === null ? {} : { userId }) };
}

function definedOnly(change: ApiKeyUpdate): Prisma.ApiKeyUncheckedUpdateInput {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

/** A key as the API shows it: without its hash. */
function fromRow(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    createdBy: row.userId,
    prefix: row.prefix,
    name: row.name,
    scopes: row.scopes.map((scope) => apiKeyScopeSchema.parse(scope)),
    rateLimitPerMinute: row.rateLimitPerMinute,
    callerNetworks: row.callerNetworks,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
