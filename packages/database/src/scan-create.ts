import { randomUUID } from 'node:crypto';
import {
  scanParamsSchema,
  scanResultSchema,
  scanSiteQueue,
  type ScanParamsInput,
  type ScanResult,
  type ScanTrigger,
} from '@cookie-scanner/contracts';
import type { AuditActor } from './audit-actor.ts';
import { insertAudit } from './audit.repository.ts';
import { DEFAULT_WORKSPACE_ID } from './default-workspace.ts';
import { Prisma } from './generated/client.ts';
import { once, type OnceRequest } from './once.ts';
import type { DatabaseAccess } from './open-database.ts';
import { toPostgresText } from './postgres-text.ts';
import type { Statement } from './run-statements.ts';
import { scanDomain } from './scan-domain.ts';
import { OWN_COLUMNS, scanFromRow, type ScanRow } from './scan-rows.ts';

/** What is asked for. Without a workspace it belongs to the default one. */
export interface NewScan {
  requestedUrl: string;
  /** What is left out takes its default. */
  params: ScanParamsInput;
  workspaceId?: string;
  /** Profile that the parameters came from. */
  profileId?: string;
  /** Default `manual`. */
  trigger?: ScanTrigger;
  requestedBy?: string;
  scheduleExecutionId?: string;
  /** Scan that this one repeats. */
  retryOf?: string;
  /** Who asks for it, for the audit log; without it nothing is recorded there. */
  by?: AuditActor;
  /** Encrypts, for the scan of this id, what opens the site; without it nothing is given. */
  sealAccess?: (scanId: string) => Uint8Array;
  /** For a client that may ask again; without it every call makes a scan. */
  once?: OnceRequest;
}

/** Records a scan as queued, the request to run it, and who asked for it: in one statement, which is one round trip. */
export async function createScan(access: DatabaseAccess, scan: NewScan): Promise<ScanResult> {
  const workspaceId = access.workspaceId ?? scan.workspaceId ?? DEFAULT_WORKSPACE_ID;
  const statement = insertScan(scan, workspaceId);
  const { once: request } = scan;
  if (request === undefined) return created(await access.change<ScanRow>([statement]));
  return access.transaction((tx) =>
    once(tx, workspaceId, request, scanResultSchema, async () =>
      created(await tx.$queryRaw<ScanRow[]>(statement.query)),
    ),
  );
}

function created([row]: readonly ScanRow[]): ScanResult {
  if (!row) throw new Error('PostgreSQL gave nothing of a scan that was recorded');
  return scanFromRow(row);
}

function insertScan(scan: NewScan, workspaceId: string): Statement {
  const { requestedUrl, params, by, sealAccess } = scan;
  const id = randomUUID();
  // What is sealed is bound to the scan by its id.
  const sealed = sealAccess?.(id) ?? null;
  const audit = by && {
    ...by,
    action: 'scan.create',
    targetType: 'scan',
    workspaceId,
    after: { url: requestedUrl },
  };
  const logged = audit
    ? Prisma.sql`, logged AS (${insertAudit(audit, Prisma.sql`scan`, Prisma.sql`scan.id`)})`
    : Prisma.empty;
  const query = Prisma.sql`
    WITH scan AS (
      INSERT INTO scan_results AS scan (
        id, requested_url, domain, params, workspace_id, profile_id, trigger, requested_by, schedule_execution_id,
        retry_of, access_sealed, access_given)
      VALUES (
        ${id}::uuid, ${toPostgresText(requestedUrl)}, ${scanDomain(requestedUrl)},
        ${JSON.stringify(scanParamsSchema.parse(params))}::jsonb, ${workspaceId}::uuid, ${scan.profileId ?? null}::uuid,
        ${scan.trigger ?? 'manual'}::scan_trigger, ${scan.requestedBy ?? null}::uuid,
        ${scan.scheduleExecutionId ?? null}::uuid, ${scan.retryOf ?? null}::uuid, ${sealed}::bytea, ${sealed !== null})
      RETURNING ${OWN_COLUMNS}
    ), asked AS (
      INSERT INTO outbox_events (queue, payload)
      SELECT ${scanSiteQueue.name}, jsonb_build_object('scanId', scan.id, 'offer', 0) FROM scan
    ) ${logged}
    SELECT scan.*, '[]'::jsonb AS reports FROM scan`;
  return { name: audit ? 'create-scan' : 'create-scan-unlogged', query };
}
