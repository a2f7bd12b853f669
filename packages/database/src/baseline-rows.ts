import {
  baselineContentSchema,
  type Baseline,
  type BaselineApproval,
  type BaselineDetail,
} from '@cookie-scanner/contracts';
import type { Prisma } from './generated/client.ts';
import { fromPostgresJson, fromPostgresText } from './postgres-text.ts';

type BaselineRow = Prisma.BaselineGetPayload<{ omit: { content: true } }>;
type DetailRow = Prisma.BaselineGetPayload<{ include: { approvals: true } }>;
type ApprovalRow = Prisma.BaselineApprovalGetPayload<object>;

/** A baseline as lists show it. */
export function baselineFromRow(row: BaselineRow): Baseline {
  return {
    id: row.id,
    domain: row.domain,
    scanId: row.scanId,
    state: row.state,
    createdBy: row.createdBy,
    reason: fromPostgresText(row.note),
    retiredAt: row.retiredAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** A baseline with what it holds and who answers for what differs. */
export function baselineDetailFromRow({ content, approvals, ...row }: DetailRow): BaselineDetail {
  return {
    ...baselineFromRow(row),
    content: baselineContentSchema.parse(fromPostgresJson(content)),
    approvals: approvals.map(approvalFromRow),
  };
}

/** An approval as it is kept. */
export function approvalFromRow(row: ApprovalRow): BaselineApproval {
  return {
    id: row.id,
    baselineId: row.baselineId,
    subject: fromPostgresText(row.subject),
    owner: fromPostgresText(row.owner),
    reason: fromPostgresText(row.reason),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    approvedBy: row.approvedBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
