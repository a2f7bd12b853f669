-- Everything that people may hear of, and every way it may take. New words are used by later migrations only:
-- PostgreSQL refuses a value in the transaction that adds it.

ALTER TYPE notification_event ADD VALUE 'scan_failed';
ALTER TYPE notification_event ADD VALUE 'site_changed';
ALTER TYPE notification_event ADD VALUE 'finding_raised';
ALTER TYPE notification_event ADD VALUE 'anomaly_detected';
ALTER TYPE notification_event ADD VALUE 'report_ready';
ALTER TYPE notification_event ADD VALUE 'report_failed';
ALTER TYPE notification_event ADD VALUE 'schedule_failed';
ALTER TYPE notification_event ADD VALUE 'member_invited';
ALTER TYPE notification_event ADD VALUE 'role_changed';
ALTER TYPE notification_event ADD VALUE 'api_key_created';
ALTER TYPE notification_event ADD VALUE 'api_key_expiring';
ALTER TYPE notification_event ADD VALUE 'password_changed';
ALTER TYPE notification_event ADD VALUE 'mfa_changed';
ALTER TYPE notification_event ADD VALUE 'session_revoked';

ALTER TYPE notification_channel ADD VALUE 'webhook';
ALTER TYPE notification_channel ADD VALUE 'slack';
ALTER TYPE notification_channel ADD VALUE 'teams';

ALTER TYPE notification_state ADD VALUE 'suppressed';
