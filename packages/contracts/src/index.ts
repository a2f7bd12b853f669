export * from './access-observation.ts';
export * from './account-api.ts';
export * from './analyse-scan.queue.ts';
export * from './analytics.ts';
export * from './analytics-api.ts';
export * from './annotation.ts';
export * from './api-key.ts';
export * from './audit.ts';
export * from './baseline.ts';
export * from './build-report.queue.ts';
export * from './bulk-scan.ts';
export * from './category-override.ts';
export * from './classification.ts';
export * from './profile-file.ts';
export * from './consent-observation.ts';
export * from './cron.ts';
export * from './define-queue.ts';
export * from './domain-config.ts';
export * from './email.ts';
export * from './filter-list.ts';
export * from './finding.ts';
export * from './host-observation.ts';
export * from './id.ts';
export * from './live.ts';
export * from './login-recording.ts';
export * from './knowledge.ts';
export * from './mfa.ts';
export * from './ml-model.ts';
export * from './notification.ts';
export * from './notification-api.ts';
export * from './observation.ts';
export * from './page-facts.ts';
export * from './party.ts';
export * from './passkey.ts';
export * from './password.ts';
export * from './password-reset.ts';
export * from './plugin.ts';
export * from './problem.ts';
export * from './purpose-model.ts';
export * from './queue-catalog.ts';
export * from './report.ts';
export * from './role-api.ts';
export * from './scan-api.ts';
export * from './scan-diff.ts';
export * from './scan-file.ts';
export * from './scan-findings.ts';
export * from './scan-options.ts';
export * from './cookie-sighting.ts';
export * from './scan-batch.ts';
export * from './storage-item.ts';
export * from './scan-profile.ts';
export * from './scan-site.queue.ts';
export * from './scan-url.ts';
export * from './scan.ts';
export * from './schedule.ts';
export * from './secret-placeholder.ts';
export * from './send-account-mail.queue.ts';
export * from './send-account-notice.queue.ts';
export * from './send-notification.queue.ts';
export * from './setter.ts';
export * from './site-access.ts';
export {
  descriptionSchema,
  labelSchema,
  labelsSchema,
  nameSchema,
  safeString,
  semanticVersionSchema,
  sha256Schema,
  uniqueArray,
} from './text.ts';
export * from './time-range.ts';
export * from './time-zone.ts';
export * from './token.ts';
export * from './tracking-observation.ts';
export * from './user.ts';
export * from './value-shape.ts';
export * from './webhook.ts';
export * from './worker.ts';
export * from './worker-labels.ts';
export * from './retention.ts';
export * from './workspace-api.ts';
export * from './workspace.ts';
