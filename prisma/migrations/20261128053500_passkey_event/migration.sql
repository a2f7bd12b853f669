-- Somebody's keys to sign in with changed.
ALTER TYPE notification_event ADD VALUE 'passkey_changed';
