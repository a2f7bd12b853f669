export {
  accessRepository,
  type AccessRepository,
  type KeyAccess,
  type SessionAccess,
} from './access.repository.ts';
export {
  accountMailRepository,
  type AccountMail,
  type AccountMailRepository,
} from './account-mail.repository.ts';
export {
  apiKeyRepository,
  type ApiKeyPlace,
  type ApiKeyRepository,
  type NewApiKey,
} from './api-key.repository.ts';
export { analyticsRepository, type AnalyticsRepository } from './analytics.repository.ts';
export {
  accountNoticeRepository,
  type AccountNotice,
  type AccountNoticeRepository,
} from './account-notice.repository.ts';
export type { AuditActor } from './audit-actor.ts';
export { anchorJudge, auditSigner, type AnchorJudge, type AuditSigner } from './audit-anchor.ts';
export { anchorAuditChains, type AnchoringStep } from './audit-anchoring.ts';
export { removeAuditLogs } from './audit-removal.ts';
export { auditKeptSince } from './retention/audit-kept-since.ts';
export { auditRepository, type AuditEntry, type AuditLog, type AuditRepository } from './audit.repository.ts';
export { verifyAudit, type AuditVerdict, type ChainVerdict } from './audit-verify.ts';
export {
  baselineRepository,
  type BaselineRepository,
  type NewBaseline,
  type NewBaselineApproval,
} from './baseline.repository.ts';
export {
  categoryOverrideRepository,
  type CategoryOverrideRepository,
  type NewCategoryOverride,
} from './category-override.repository.ts';
export type { PositionedClassification } from './cookie-classification.ts';
export type { CookiePageRequest } from './cookie-rows.ts';
export {
  cookieSightingRepository,
  type CookieSightingRepository,
  type DomainWithCookie,
  type NewCookie,
} from './cookie-sighting.repository.ts';
export { secondFactorRepository, type SecondFactorRepository } from './second-factor.repository.ts';
export {
  sessionRepository,
  type NewSession,
  type Rotation,
  type SessionRepository,
} from './session.repository.ts';
export { userRepository, type Credentials, type UserRepository } from './user.repository.ts';
export { memberRepository, type MemberRepository } from './member.repository.ts';
export { workspaceRepository, type WorkspaceRepository } from './workspace.repository.ts';
export type { ClaimedDelivery, DeliveryOutcome } from './webhook-delivery.ts';
export { webhookOutboundRepository, type WebhookOutboundRepository } from './webhook-outbound.repository.ts';
export { webhookRepository, type WebhookRepository } from './webhook.repository.ts';
export { DEFAULT_WORKSPACE_ID } from './default-workspace.ts';
export {
  domainConfigRepository,
  type DomainConfigRepository,
  type NewDomainConfig,
} from './domain-config.repository.ts';
export { filesExpired } from './expired-details.ts';
export { findingRepository, type FindingRepository } from './finding.repository.ts';
export { passkeyRepository, type PasskeyRepository } from './passkey.repository.ts';
export { inboxRepository, type InboxRepository } from './inbox.repository.ts';
export {
  notificationChoicesRepository,
  type NotificationChoicesRepository,
} from './notification-choices.repository.ts';
export type { MailedMember } from './notification-members.ts';
export { inWorkspace } from './in-workspace.ts';
export type { KeysetPage, PageRequest } from './keyset.ts';
export { listenForOutbox, type ListenOptions, type OutboxListener } from './listen-for-outbox.ts';
export { monthPartitions, type MonthPartitions } from './month-partitions.ts';
export { migrateDatabase, type MigrateOptions } from './migration/migrate-database.ts';
export {
  notificationRepository,
  type Delivery,
  type NotificationRepository,
} from './notification.repository.ts';
export { openDatabase, type Database, type DatabaseOptions } from './open-database.ts';
export { outboxRepository, type OutboxEvent, type OutboxRepository } from './outbox.repository.ts';
export { reportRepository, type Report, type ReportRepository } from './report.repository.ts';
export type { FinishOutcome, FinishedScan } from './scan-finish.ts';
export type { ClaimOptions, ScanClaim } from './scan-lease.ts';
export type { FollowUpOptions } from './scan-follow-up.ts';
export type { ReofferedScans, ReofferOptions } from './scan-reoffer.ts';
export type { SitePoliteness } from './site-politeness.ts';
export type { ScanAnalysis } from './scan-analysis.ts';
export type { SiteDefaults } from './site-defaults.ts';
export type { Precondition } from './precondition.ts';
export {
  RETENTION_KINDS,
  retentionRepository,
  type RetentionKind,
  type RetentionRepository,
} from './retention/retention.repository.ts';
export type { OldestKept } from './retention/oldest-kept.ts';
export type { RetentionPeriods } from './retention/retention-periods.ts';
export {
  workspaceRetentionRepository,
  type WorkspaceRetentionRepository,
} from './retention/workspace-retention.repository.ts';
export { scanBatchRepository, type NewScanBatch, type ScanBatchRepository } from './scan-batch.repository.ts';
export type { OnceRequest } from './once.ts';
export { scanDomain } from './scan-domain.ts';
export {
  scanProfileRepository,
  type NewScanProfile,
  type ScanProfileRepository,
} from './scan-profile.repository.ts';
export type { NewScan } from './scan-create.ts';
export { scanRepository, type ScanRepository } from './scan.repository.ts';
export type { ScheduleChange, NewSchedule } from './schedule-changes.ts';
export type { ScheduleDecision, ScheduleTurn } from './schedule-run.ts';
export type { ScheduleRun } from './schedule-rows.ts';
export { scheduleRepository, type ScheduleRepository } from './schedule.repository.ts';
export type { NewFinding, StoredFinding } from './stored-finding.ts';
export { storeAnalysis, type AnalysisStores } from './store-analysis.ts';
export type { StoredArtifact } from './stored-artifact.ts';
export type { PoolCheck } from './scan-pools.ts';
export { workerRepository, type WorkerRepository, type WorkerSign } from './worker.repository.ts';
