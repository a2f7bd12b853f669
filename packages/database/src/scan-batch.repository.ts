import {
  bulkScanAnswerSchema,
  scanSiteQueue,
  scanStatusSchema,
  type BulkScanAnswer,
  type ScanBatch,
  type ScanParams,
  type ScanStatus,
} from '@cookie-scanner/contracts';
import type { AuditActor } from './audit-actor.ts';
import { writeAudit } from './audit.repository.ts';
import type { Prisma } from './generated/client.ts';
import { boundTo } from './in-workspace.ts';
import { keyBefore, keysetPage, pageSize, type KeysetPage, type PageRequest } from './keyset.ts';
import { once, type OnceRequest } from './once.ts';
import { databaseAccess, type Database, type DatabaseAccess } from './open-database.ts';
import { toPostgresText } from './postgres-text.ts';
import { scanDomain } from './scan-domain.ts';

/** Scans to submit together. */
export interface NewScanBatch {
  workspaceId: string;
  name: string;
  requestedBy: string;
  /** With what they run; few, while the scans are many. */
  plans: readonly { params: ScanParams; profileId: string | null }[];
  /** At least one; `plan` is a place in `plans`. */
  scans: readonly { requestedUrl: string; plan: number }[];
  by: AuditActor;
  once?: OnceRequest;
}

/** Scans that were submitted together. */
export interface ScanBatchRepository {
  /**
   * Records the scans as queued and asks for the work, all in one transaction.
   *
   * @param rest - what became of the other rows; remembered with the batch for a request that comes again
   */
  create(batch: NewScanBatch, rest: Omit<BulkScanAnswer, 'batch'>): Promise<BulkScanAnswer>;
  /** Null when there is none. */
  find(id: string): Promise<ScanBatch | null>;
  /** The last submitted first. */
  list(page: PageRequest): Promise<KeysetPage<ScanBatch>>;
}

/** The batches kept in a database. */
export function scanBatchRepository(database: Database): ScanBatchRepository {
  const access = databaseAccess(database);
  return {
    create: (batch, rest) => createBatch(access, batch, rest),
    find: (id) =>
      access.query(async (prisma) => {
        const row = await prisma.scanBatch.findFirst({ where: { id, ...boundTo(access) } });
        if (!row) return null;
        return fromRow(row, (await countsOf(prisma, [id])).get(id));
      }),
    list: (page) => listBatches(access, page),
  };
}

function createBatch(
  access: DatabaseAccess,
  { workspaceId, name, requestedBy, plans, scans, by, once: request }: NewScanBatch,
  rest: Omit<BulkScanAnswer, 'batch'>,
): Promise<BulkScanAnswer> {
  return access.transaction((tx) =>
    once(tx, workspaceId, request, bulkScanAnswerSchema, async () => {
      const row = await tx.scanBatch.create({
        data: { workspaceId, name, scanCount: scans.length, createdBy: requestedBy },
      });
      await insertScans(tx, { workspaceId, requestedBy, plans, scans, batchId: row.id });
      await writeAudit(tx, {
        ...by,
        action: 'scan_batch.create',
        targetType: 'scan_batch',
        targetId: row.id,
        workspaceId,
        after: { name, scanCount: scans.length },
      });
      return { batch: fromRow(row, { queued: scans.length }), ...rest };
    }),
  );
}

/** Writes the scans and the jobs that they need in one statement, however many there are. */
async function insertScans(
  tx: Prisma.TransactionClient,
  batch: Pick<NewScanBatch, 'workspaceId' | 'requestedBy' | 'plans' | 'scans'> & { batchId: string },
): Promise<void> {
  const plans = JSON.stringify(
    batch.plans.map(({ params, profileId }, place) => ({ place, params, profile_id: profileId })),
  );
  const scans = JSON.stringify(
    batch.scans.map(({ requestedUrl, plan }) => ({
      url: toPostgresText(requestedUrl),
      domain: scanDomain(requestedUrl),
      plan,
    })),
  );
  await tx.$executeRaw`
    WITH created AS (
      INSERT INTO scan_results (
        requested_url, domain, params, profile_id, workspace_id, trigger, requested_by, batch_id)
      SELECT scan.url, scan.domain, plan.params, plan.profile_id, ${batch.workspaceId}::uuid, 'bulk',
             ${batch.requestedBy}::uuid, ${batch.batchId}::uuid
        FROM jsonb_to_recordset(${scans}::jsonb) AS scan(url text, domain text, plan int)
        JOIN jsonb_to_recordset(${plans}::jsonb) AS plan(place int, params jsonb, profile_id uuid)
          ON plan.place = scan.plan
      RETURNING id)
    INSERT INTO outbox_events (queue, payload)
    SELECT ${scanSiteQueue.name}, jsonb_build_object('scanId', id, 'offer', 0) FROM created`;
}

async function listBatches(access: DatabaseAccess, request: PageRequest): Promise<KeysetPage<ScanBatch>> {
  const after = keyBefore(request, ['time', 'uuid']);
  const size = pageSize(request);
  return access.query(async (prisma) => {
    const keys = await prisma.$queryRaw<{ id: string; at: string }[]>`
      SELECT id, created_at::text AS at FROM scan_batches
       WHERE (${access.workspaceId}::uuid IS NULL OR workspace_id = ${access.workspaceId}::uuid)
         AND (${after?.[0] ?? null}::timestamptz IS NULL
              OR (created_at, id) < (${after?.[0] ?? null}::timestamptz, ${after?.[1] ?? null}::uuid))
       ORDER BY created_at DESC, id DESC LIMIT ${size + 1}`;
    const ids = keys.map(({ id }) => id);
    const rows = await prisma.scanBatch.findMany({ where: { id: { in: ids } } });
    const byId = new Map(rows.map((row) => [row.id, row]));
    const counts = await countsOf(prisma, ids);
    const page = keysetPage(
      keys,
      size,
      ({ at, id }) => [at, id],
      ({ id }) => byId.get(id),
    );
    const items = page.items.flatMap((row) => (row ? [fromRow(row, counts.get(row.id))] : []));
    return { items, nextCursor: page.nextCursor };
  });
}

type Counts = Partial<Record<ScanStatus, number>>;

async function countsOf(
  tx: Prisma.TransactionClient,
  batchIds: readonly string[],
): Promise<ReadonlyMap<string, Counts>> {
  const rows = await tx.scanResult.groupBy({
    by: ['batchId', 'status'],
    where: { batchId: { in: [...batchIds] } },
    _count: { _all: true },
  });
  const counts = new Map<string, Counts>();
  for (const { batchId, status, _count } of rows) {
    if (batchId !== null) counts.set(batchId, { ...counts.get(batchId), [status]: _count._all });
  }
  return counts;
}

/** A batch as the API shows it. */
function fromRow(row: Prisma.ScanBatchGetPayload<object>, counted: Counts = {}): ScanBatch {
  const counts = Object.fromEntries(
    scanStatusSchema.options.map((status) => [status, counted[status] ?? 0]),
  ) as Record<ScanStatus, number>;
  return {
    id: row.id,
    name: row.name,
    scanCount: row.scanCount,
    counts,
    isFinished: counts.queued + counts.running === 0,
    createdAt: row.createdAt.toISOString(),
  };
}
