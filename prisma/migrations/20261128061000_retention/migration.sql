-- What goes when it is old: how long a workspace keeps its scans, which scans have lost their files, and which files are
-- still to be removed because the rows that they belonged to are gone.

-- Null for what the settings of the platform say, 0 for ever.
CREATE TABLE workspace_retention (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL,
  scan_days integer,
  file_days integer,
  audit_days integer,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT workspace_retention_pkey PRIMARY KEY (id),
  CONSTRAINT workspace_retention_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT workspace_retention_scan_days_range CHECK (scan_days BETWEEN 0 AND 36500),
  CONSTRAINT workspace_retention_file_days_range CHECK (file_days BETWEEN 0 AND 36500),
  -- What was done in the last year can always be looked up.
  CONSTRAINT workspace_retention_audit_days_range CHECK (audit_days = 0 OR audit_days BETWEEN 365 AND 36500)
);

CREATE UNIQUE INDEX workspace_retention_workspace_id_key ON workspace_retention (workspace_id);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON workspace_retention
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

ALTER TABLE workspace_retention ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON workspace_retention TO cookie_scanner_workspace;
CREATE POLICY workspace_wall ON workspace_retention TO cookie_scanner_workspace
  USING (workspace_id = current_workspace_id()) WITH CHECK (workspace_id = current_workspace_id());

-- When the observation and the other files of a scan were given up, while the scan itself stays. Its key and hash stay
-- too: they say what there was.
ALTER TABLE scan_results
  ADD COLUMN files_removed_at timestamptz(6),
  ADD CONSTRAINT scan_results_files_removed_after_end CHECK (files_removed_at IS NULL OR finished_at IS NOT NULL);

-- Scans that still have their files, oldest first; and those of them whose files carry values of cookies.
CREATE INDEX scan_results_files_idx ON scan_results (workspace_id, queued_at)
  WHERE observation_key IS NOT NULL AND files_removed_at IS NULL;
CREATE INDEX scan_results_values_idx ON scan_results (finished_at) WHERE values_kept AND files_removed_at IS NULL;

-- Files whose rows are gone. Written in the transaction that takes the rows, removed once the files are, so that no
-- crash leaves files that nothing knows of.
CREATE TABLE removed_files (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  -- Key of an artifact, or what the keys of several begin with.
  prefix text NOT NULL,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT removed_files_pkey PRIMARY KEY (id),
  CONSTRAINT removed_files_prefix_length CHECK (char_length(prefix) BETWEEN 1 AND 512)
);

CREATE INDEX removed_files_created_at_idx ON removed_files (created_at);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON removed_files
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

-- Whoever removes a scan notes its files by that, and sees no note of another.
GRANT INSERT ON removed_files TO cookie_scanner_workspace;

-- By whatever way a scan goes: by age, by somebody's wish, or with its workspace.
CREATE FUNCTION note_files_of_scans() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO removed_files (prefix)
  SELECT folder || gone.id FROM gone, unnest(ARRAY['scans/', 'reports/']) AS folder;
  RETURN NULL;
END
$$;

CREATE TRIGGER note_files AFTER DELETE ON scan_results REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION note_files_of_scans();

-- Reports of a scan lie in its folder; the others have a file of their own.
CREATE FUNCTION note_files_of_reports() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO removed_files (prefix)
  SELECT artifact_key FROM gone WHERE scan_id IS NULL AND artifact_key IS NOT NULL;
  RETURN NULL;
END
$$;

CREATE TRIGGER note_files AFTER DELETE ON reports REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION note_files_of_reports();

-- What is looked for by age alone.
CREATE INDEX notifications_created_at_idx ON notifications (created_at);
CREATE INDEX schedule_executions_finished_at_idx ON schedule_executions (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX webhook_deliveries_ended_idx ON webhook_deliveries (updated_at) WHERE state IN ('delivered', 'dead');
CREATE INDEX outbox_events_refused_idx ON outbox_events (created_at) WHERE refused_reason IS NOT NULL;
CREATE INDEX idempotency_keys_expires_at_idx ON idempotency_keys (expires_at);
