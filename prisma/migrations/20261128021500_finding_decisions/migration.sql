-- What was decided about a matter before is looked up for every finding of a new scan. Few findings are ever decided about.
CREATE INDEX findings_workspace_id_fingerprint_decided_at_idx
  ON findings (workspace_id, fingerprint, decided_at DESC) WHERE decided_at IS NOT NULL;
