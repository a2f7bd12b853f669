export { listenForOutbox, type ListenOptions, type OutboxListener } from './listen-for-outbox.ts';
export { migrateDatabase, type MigrateOptions } from './migration/migrate-database.ts';
export type { NotificationChannel, NotificationState } from './notification-states.ts';
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
export type { ReofferOptions } from './scan-reoffer.ts';
export { scanRepository, type ScanRepository } from './scan.repository.ts';
export type { StoredArtifact } from './stored-artifact.ts';
