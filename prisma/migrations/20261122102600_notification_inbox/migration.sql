-- To whom a notification belongs, and whether it was read. What people were told outlives the account and the workspace.

ALTER TABLE notifications
  ADD COLUMN workspace_id uuid,
  ADD COLUMN user_id uuid,
  ADD COLUMN attempt integer NOT NULL DEFAULT 0,
  ADD COLUMN read_at timestamptz(6),
  ADD CONSTRAINT notifications_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  ADD CONSTRAINT notifications_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  ADD CONSTRAINT notifications_attempt_not_negative CHECK (attempt >= 0),
  ADD CONSTRAINT notifications_only_in_app_is_read CHECK (read_at IS NULL OR channel = 'in_app');

-- The inbox of a person, newest first, and how much of it is new.
CREATE INDEX notifications_inbox_idx ON notifications (user_id, created_at DESC, id DESC)
  WHERE user_id IS NOT NULL AND channel = 'in_app';
CREATE INDEX notifications_user_id_idx ON notifications (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX notifications_workspace_id_idx ON notifications (workspace_id) WHERE workspace_id IS NOT NULL;
