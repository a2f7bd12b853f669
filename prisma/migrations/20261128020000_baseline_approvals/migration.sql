-- What a baseline does not have and somebody answers for, until it expires.

CREATE TABLE baseline_approvals (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL,
  baseline_id uuid NOT NULL,
  -- SHA-256 of the subject, which may be longer than an index takes.
  subject_hash text NOT NULL,
  subject text NOT NULL,
  owner text NOT NULL,
  reason text NOT NULL,
  -- Null for never.
  expires_at timestamptz(6),
  approved_by uuid,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT baseline_approvals_pkey PRIMARY KEY (id),
  CONSTRAINT baseline_approvals_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT baseline_approvals_baseline_id_fkey FOREIGN KEY (baseline_id) REFERENCES baselines (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT baseline_approvals_approved_by_fkey FOREIGN KEY (approved_by) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT baseline_approvals_subject_hash_format CHECK (subject_hash ~ '^[0-9a-f]{64}$'),
  CONSTRAINT baseline_approvals_subject_length CHECK (char_length(subject) BETWEEN 1 AND 60000),
  CONSTRAINT baseline_approvals_owner_length CHECK (char_length(owner) BETWEEN 1 AND 320),
  CONSTRAINT baseline_approvals_reason_length CHECK (char_length(reason) BETWEEN 1 AND 2000)
);

CREATE UNIQUE INDEX baseline_approvals_baseline_id_subject_hash_key
  ON baseline_approvals (baseline_id, subject_hash);
CREATE INDEX baseline_approvals_workspace_id_idx ON baseline_approvals (workspace_id);
CREATE INDEX baseline_approvals_approved_by_idx ON baseline_approvals (approved_by);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON baseline_approvals
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

ALTER TABLE baseline_approvals ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON baseline_approvals TO cookie_scanner_workspace;
CREATE POLICY workspace_wall ON baseline_approvals TO cookie_scanner_workspace
  USING (workspace_id = current_workspace_id()) WITH CHECK (workspace_id = current_workspace_id());
